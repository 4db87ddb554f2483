import { Column, Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, IntColumn, PrimaryIdColumn, TextColumn, TimeColumn } from "../../db/columns.js";
import { AccountEntity } from "../accounts/account.entity.js";

/**
 * One per account: the trail head, which is the number of the newest record. Its row lock puts the account's changes in
 * order.
 */
@Entity("audit_head")
@Index("ix_audit_head_key_id", ["keyId"])
export class AuditHeadEntity {
  @PrimaryIdColumn("account_id")
  @ForeignKey(() => AccountEntity, { name: "fk_audit_head_account" })
  accountId: string;

  @IntColumn("sequence") sequence: number;
  /** Hash of the newest record. 64 zeros if there is none. */
  @TextColumn("hash", 64) hash: string;
  /** HMAC of the three columns above, in hex. See head-signature.ts. Null if unsigned. */
  @TextColumn("signature", 64, { nullable: true }) signature: string | null;
  /** ID of the encryption key the signing key is derived from. Null if unsigned. */
  @TextColumn("key_id", 64, { nullable: true }) keyId: string | null;
}

/** Names are stored as they were. Objects and actors may no longer exist. */
@Entity("audit_record")
@Index("ix_audit_record_object", ["accountId", "objectId", "sequence"])
@Index("ix_audit_record_actor", ["accountId", "actorId", "sequence"])
@Index("ix_audit_record_event", ["accountId", "event", "sequence"])
@Index("ix_audit_record_at", ["accountId", "at", "sequence"])
export class AuditRecordEntity {
  @IdColumn("account_id", { primary: true })
  @ForeignKey(() => AccountEntity, { name: "fk_audit_record_account" })
  accountId: string;

  @IntColumn("sequence", { primary: true }) sequence: number;
  @TimeColumn("at") at: Date;
  @TextColumn("event", 64) event: string;
  @TextColumn("summary", 500) summary: string;
  @IdColumn("object_id") objectId: string;
  @TextColumn("object_name", 120) objectName: string;
  /** Null for the system. */
  @IdColumn("actor_id", { nullable: true }) actorId: string | null;
  @TextColumn("actor_name", 120, { nullable: true }) actorName: string | null;
  @TextColumn("ip", 45, { nullable: true }) ip: string | null;
  @TextColumn("user_agent", 255, { nullable: true }) userAgent: string | null;
  @TextColumn("request_id", 64, { nullable: true }) requestId: string | null;
  /** State before and after, as JSON. Never a value or a secret. */
  @Column("text", { name: "changes" }) changes: string;
  /** SHA-256 of the previous record's hash and of this record, in hex. See hash-chain.ts. */
  @TextColumn("hash", 64) hash: string;
}

/**
 * Up to which record an account's trail has been moved to an archive: the newest record that is no longer stored. Older
 * records can be deleted, and only those (db/triggers.ts). No row before the first archive.
 */
@Entity("audit_archive")
export class AuditArchiveEntity {
  @PrimaryIdColumn("account_id")
  @ForeignKey(() => AccountEntity, { name: "fk_audit_archive_account" })
  accountId: string;

  @IntColumn("sequence") sequence: number;
  @TextColumn("hash", 64) hash: string;
}

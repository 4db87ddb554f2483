import type { ApiTokenEventKind, ApiTokenStatus } from "@hallpass/shared";
import { limits } from "@hallpass/shared";
import { Column, Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, IntColumn, PrimaryIdColumn, TextColumn, TimeColumn } from "../../db/columns.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { ModuleEntity } from "../modules/module.entity.js";

// Every order of the list has an index that starts with the account and what the list leaves out (deleted
// tokens) and ends with the identifier, so that a page is a range of an index and never a sort.
@Entity("api_token")
@Index("ix_api_token_id", ["accountId", "deleted", "id"])
@Index("ix_api_token_name", ["accountId", "deleted", "nameKey", "id"])
@Index("ix_api_token_status", ["accountId", "deleted", "status", "id"])
@Index("ix_api_token_created_by", ["accountId", "deleted", "createdByKey", "id"])
@Index("ix_api_token_created_at", ["accountId", "deleted", "createdAt", "id"])
@Index("ix_api_token_expires_at", ["accountId", "deleted", "expiresAt", "id"])
@Index("ix_api_token_module_count", ["accountId", "deleted", "moduleCount", "id"])
@Index("ix_api_token_created_by_id", ["createdById"])
export class ApiTokenEntity {
  @PrimaryIdColumn() id: string;

  @IdColumn("account_id")
  @ForeignKey(() => AccountEntity, { name: "fk_api_token_account" })
  accountId: string;

  @TextColumn("name", limits.nameLength) name: string;
  /** The name in lower case: to order by and to compare in any case. */
  @TextColumn("name_key", limits.nameLength * 2) nameKey: string;
  @TextColumn("description", limits.descriptionLength, { nullable: true }) description: string | null;
  /** Name, identifier and description in lower case, a line each. */
  @Column("text", { name: "search_text" }) searchText: string;
  @TextColumn("status", 16) status: ApiTokenStatus;
  /** 1 when the status is DELETED. */
  @IntColumn("deleted") deleted: number;
  @IntColumn("module_count") moduleCount: number;
  @TimeColumn("created_at") createdAt: Date;
  /** Null: the system itself. */
  @IdColumn("created_by_id", { nullable: true }) createdById: string | null;
  @TextColumn("created_by_name", 120, { nullable: true }) createdByName: string | null;
  @TextColumn("created_by_key", 240, { nullable: true }) createdByKey: string | null;
  @TimeColumn("expires_at", { nullable: true }) expiresAt: Date | null;
  @IntColumn("version") version: number;
  /** Changes with the logo; null: there is none. */
  @TextColumn("icon_hash", 16, { nullable: true }) iconHash: string | null;

  /** Not a column: set by queries that order by it. */
  access?: ApiTokenAccessEntity;
}

/**
 * A token's last access: one row a token, made with it. Written every few seconds for each token in use, so it is narrow
 * and has no other index.
 */
@Entity("api_token_access")
@Index("ix_api_token_access_at", ["accountId", "deleted", "lastAccessAt", "tokenId"])
export class ApiTokenAccessEntity {
  @PrimaryIdColumn("token_id")
  @ForeignKey(() => ApiTokenEntity, { name: "fk_api_token_access_token" })
  tokenId: string;

  /** The token's, so that one index serves the order of an account's tokens. */
  @IdColumn("account_id") accountId: string;
  /** The token's. */
  @IntColumn("deleted") deleted: number;
  /** Null if no check has allowed the token. */
  @TimeColumn("last_access_at", { nullable: true }) lastAccessAt: Date | null;
  @TextColumn("ip", 45, { nullable: true }) ip: string | null;
  @TextColumn("user_agent", 255, { nullable: true }) userAgent: string | null;
}

@Entity("api_token_module")
@Index("ix_api_token_module_module", ["moduleId", "tokenId"])
export class ApiTokenModuleEntity {
  @IdColumn("token_id", { primary: true })
  @ForeignKey(() => ApiTokenEntity, { name: "fk_api_token_module_token" })
  tokenId: string;

  @IdColumn("module_id", { primary: true })
  @ForeignKey(() => ModuleEntity, { name: "fk_api_token_module_module" })
  moduleId: string;
}

/** The row of a new token. */
export function newAccess({ id, accountId, deleted }: ApiTokenEntity, lastAccessAt: Date | null = null) {
  return { tokenId: id, accountId, deleted, lastAccessAt, ip: null, userAgent: null };
}

/** The latest event of each kind. */
@Entity("api_token_event")
export class ApiTokenEventEntity {
  @IdColumn("token_id", { primary: true })
  @ForeignKey(() => ApiTokenEntity, { name: "fk_api_token_event_token" })
  tokenId: string;

  @TextColumn("kind", 16, { primary: true }) kind: ApiTokenEventKind;
  @TimeColumn("at") at: Date;
  @IdColumn("by_id", { nullable: true }) byId: string | null;
  @TextColumn("by_name", 120, { nullable: true }) byName: string | null;
}

/** The logo: a PNG of 128×128 pixels in 256 colours, so 64 KiB are enough for any. */
@Entity("api_token_icon")
export class ApiTokenIconEntity {
  @PrimaryIdColumn("token_id")
  @ForeignKey(() => ApiTokenEntity, { name: "fk_api_token_icon_token" })
  tokenId: string;

  @Column("blob", { name: "png" }) png: Buffer;
}

/** Which token a repeated creation has made already. */
@Entity("idempotency_key")
@Index("ix_idempotency_key_created_at", ["createdAt"])
export class IdempotencyKeyEntity {
  /** SHA-256 of account, caller and key, in hex. */
  @TextColumn("id", 64, { primary: true }) id: string;

  @IdColumn("token_id")
  @ForeignKey(() => ApiTokenEntity, { name: "fk_idempotency_key_token" })
  tokenId: string;

  /** SHA-256 of the rest of the input, in hex: reusing a key for another request is an error. */
  @TextColumn("input_digest", 64) inputDigest: string;
  @TimeColumn("created_at") createdAt: Date;
}

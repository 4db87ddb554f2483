import type { ApiTokenEventKind, ApiTokenStatus } from "@hallpass/shared";
import { limits } from "@hallpass/shared";
import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from "typeorm";
import { IdColumn, IntColumn, PrimaryIdColumn, TextColumn, TimeColumn } from "../../db/columns.js";
import { searchWords } from "../../db/search-words.js";
import { AccountEntity } from "../accounts/account.entity.js";
import { ModuleEntity } from "../modules/module.entity.js";

// Each sort order of the list has an index that starts with the account and with what the list excludes (deleted
// tokens) and ends with the ID, so that a page is a range of an index and needs no sort.
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
  /** The name in lower case, for sorting and case-insensitive comparison. */
  @TextColumn("name_key", limits.nameLength * 2) nameKey: string;
  @TextColumn("description", limits.descriptionLength, { nullable: true }) description: string | null;
  /** Name, ID and description in lower case, one per line. */
  @Column("text", { name: "search_text", select: false }) searchText: string;
  @TextColumn("status", 16) status: ApiTokenStatus;
  /** 1 if the status is DELETED, else 0. */
  @IntColumn("deleted") deleted: number;
  @IntColumn("module_count") moduleCount: number;
  @TimeColumn("created_at") createdAt: Date;
  /** Null if the system created it. */
  @IdColumn("created_by_id", { nullable: true }) createdById: string | null;
  @TextColumn("created_by_name", 120, { nullable: true }) createdByName: string | null;
  @TextColumn("created_by_key", 240, { nullable: true }) createdByKey: string | null;
  @TimeColumn("expires_at", { nullable: true }) expiresAt: Date | null;
  /** CIDRs the token can be used from. Null for anywhere. */
  @Column("simple-json", { name: "ip_ranges", nullable: true }) ipRanges: string[] | null;
  /** Both are null if there is no limit. */
  @IntColumn("rate_limit_requests", { nullable: true }) rateLimitRequests: number | null;
  @IntColumn("rate_limit_seconds", { nullable: true }) rateLimitSeconds: number | null;
  @IntColumn("version") version: number;
  /** Changes with the logo. Null if there is none. */
  @TextColumn("icon_hash", 16, { nullable: true }) logoHash: string | null;

  /** Not a column. Set by queries that order by it. */
  access?: ApiTokenAccessEntity;
}

/**
 * A token's last access: one row per token, created with it. Written every few seconds for each token in use, so it is
 * narrow and has no other index.
 */
@Entity("api_token_access", { withoutRowid: true })
@Index("ix_api_token_access_at", ["accountId", "deleted", "lastAccessAt", "tokenId"])
export class ApiTokenAccessEntity {
  @PrimaryIdColumn("token_id")
  @ForeignKey(() => ApiTokenEntity, { name: "fk_api_token_access_token" })
  tokenId: string;

  /** The token's account, so that one index can sort an account's tokens. */
  @IdColumn("account_id") accountId: string;
  /** 1 if the token's status is DELETED, else 0. */
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

/** The words by which a token is searched: one row per token, created with it. See search-words.ts. */
@Entity("api_token_search")
@Index("ix_api_token_search_token", ["tokenId"], { unique: true })
// A full-text index. On SQLite, a virtual table with this name, kept up to date by triggers.
@Index("ix_api_token_search_words", { synchronize: false })
export class ApiTokenSearchEntity {
  /** By which SQLite's index refers to the row. */
  @PrimaryGeneratedColumn({ name: "number" }) number: number;

  @IdColumn("token_id")
  @ForeignKey(() => ApiTokenEntity, { name: "fk_api_token_search_token" })
  tokenId: string;

  @Column("text", { name: "words" }) words: string;
}

/** The search row of a new or renamed token. */
export const searchRow = ({ id, accountId, searchText }: Pick<ApiTokenEntity, "id" | "accountId" | "searchText">) => ({
  tokenId: id,
  words: searchWords(accountId, searchText).join(" "),
});

/** The access row of a new token. */
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

/** The logo: a PNG of 128×128 pixels in 256 colours, for which 64 KiB are always enough. */
@Entity("api_token_icon")
export class ApiTokenLogoEntity {
  @PrimaryIdColumn("token_id")
  @ForeignKey(() => ApiTokenEntity, { name: "fk_api_token_icon_token" })
  tokenId: string;

  @Column("blob", { name: "png" }) png: Buffer;
}

/** The token an idempotency key has already created. */
@Entity("idempotency_key")
@Index("ix_idempotency_key_created_at", ["createdAt"])
export class IdempotencyKeyEntity {
  /** SHA-256 of account, caller and key, in hex. */
  @TextColumn("id", 64, { primary: true }) id: string;

  @IdColumn("token_id")
  @ForeignKey(() => ApiTokenEntity, { name: "fk_idempotency_key_token" })
  tokenId: string;

  /** SHA-256 of the rest of the input, in hex. Reusing a key for another request is an error. */
  @TextColumn("input_digest", 64) inputDigest: string;
  @TimeColumn("created_at") createdAt: Date;
}

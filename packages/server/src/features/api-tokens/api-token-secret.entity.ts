import { Column, Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, TextColumn, TimeColumn } from "../../db/columns.js";
import { ApiTokenEntity } from "./api-token.entity.js";

export type SecretSlot = "CURRENT" | "PREVIOUS";

/**
 * One row per value: two after a rotation. Read by the check (digest) and the reveal (ciphertext). Deleting the token
 * removes the rows.
 */
@Entity("api_token_secret")
@Index("ix_api_token_secret_key_id", ["keyId"])
export class ApiTokenSecretEntity {
  @IdColumn("token_id", { primary: true })
  @ForeignKey(() => ApiTokenEntity, { name: "fk_api_token_secret_token" })
  tokenId: string;

  @TextColumn("slot", 8, { primary: true }) slot: SecretSlot;

  /** SHA-256 of the value, in hex. */
  @TextColumn("digest", 64) digest: string;
  /** AES-256-GCM: 12 bytes of nonce, the ciphertext, 16 bytes of tag. */
  @Column("blob", { name: "ciphertext" }) ciphertext: Buffer;
  /** ID of the encryption key of the ciphertext. */
  @TextColumn("key_id", 64) keyId: string;
  /** When the value expires. Null if valid as long as the token itself. */
  @TimeColumn("valid_until", { nullable: true }) validUntil: Date | null;
  /** When a check last allowed the value. Not updated while it is the token's only value. */
  @TimeColumn("last_used_at", { nullable: true }) lastUsedAt: Date | null;
}

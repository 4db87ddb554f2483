import { Column, Entity, ForeignKey } from "typeorm";
import { PrimaryIdColumn, TextColumn } from "../../db/columns.js";
import { ApiTokenEntity } from "./api-token.entity.js";

/** Read in two places: the check (digest) and the reveal (ciphertext). Deletion removes the row. */
@Entity("api_token_secret")
export class ApiTokenSecretEntity {
  @PrimaryIdColumn("token_id")
  @ForeignKey(() => ApiTokenEntity, { name: "fk_api_token_secret_token" })
  tokenId: string;

  /** SHA-256 of the value, in hex. */
  @TextColumn("digest", 64) digest: string;
  /** AES-256-GCM: 12 bytes of nonce, the ciphertext, 16 bytes of tag. */
  @Column("blob", { name: "ciphertext" }) ciphertext: Buffer;
  /** The encryption key that opens the ciphertext. */
  @TextColumn("key_id", 64) keyId: string;
}

import { Column, Entity } from "typeorm";
import { TextColumn, TimeColumn } from "../../db/columns.js";

/** A key that has been used with this database. Its canary reveals a wrong key with the same ID at the start. */
@Entity("encryption_key")
export class EncryptionKeyEntity {
  @TextColumn("id", 64, { primary: true }) id: string;
  /** A known text, encrypted under the key. */
  @Column("blob", { name: "canary" }) canary: Buffer;
  @TimeColumn("created_at") createdAt: Date;
}

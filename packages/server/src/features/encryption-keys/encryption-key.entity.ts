import { Column, Entity } from "typeorm";
import { TextColumn, TimeColumn } from "../../db/columns.js";

/** A key that has been used with this database: by its canary a wrong key of the same name is known at the start. */
@Entity("encryption_key")
export class EncryptionKeyEntity {
  @TextColumn("id", 64, { primary: true }) id: string;
  /** A text that everybody knows, encrypted under the key. */
  @Column("blob", { name: "canary" }) canary: Buffer;
  @TimeColumn("created_at") createdAt: Date;
}

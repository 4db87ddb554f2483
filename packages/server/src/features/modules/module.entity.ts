import { Entity } from "typeorm";
import { PrimaryIdColumn, TextColumn } from "../../db/columns.js";

@Entity("module")
export class ModuleEntity {
  @PrimaryIdColumn() id: string;
  @TextColumn("name", 120) name: string;
  @TextColumn("description", 500, { nullable: true }) description: string | null;
}

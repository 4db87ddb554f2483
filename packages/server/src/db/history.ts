import { randomUUID } from "node:crypto";
import { type DataSource, Entity } from "typeorm";
import { IntColumn, TextColumn } from "./columns.js";

/**
 * Which history the database's contents belong to: one row, whose identifier is new after each `migrate`. Processes that
 * see another one than before believe nothing they have cached.
 */
@Entity("database_history")
export class DatabaseHistoryEntity {
  @IntColumn("id", { primary: true }) id: number;
  /** A random UUID. */
  @TextColumn("history_id", 36) historyId: string;
}

const theRow = { id: 1 };

/** Null: it was removed, as by a restore from before it was added. */
export async function readHistoryId({ manager }: DataSource): Promise<string | null> {
  return (await manager.findOneBy(DatabaseHistoryEntity, theRow))?.historyId ?? null;
}

/** Makes every running process read all tokens again. */
export async function startNewHistory({ manager }: DataSource): Promise<void> {
  await manager.save(DatabaseHistoryEntity, { ...theRow, historyId: randomUUID() });
}

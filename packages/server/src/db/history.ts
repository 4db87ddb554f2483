import { randomUUID } from "node:crypto";
import { type DataSource, Entity } from "typeorm";
import { IntColumn, TextColumn } from "./columns.js";

/**
 * Identifies the history of the database's contents: one row, with a new ID after each `migrate`. Processes that see
 * another ID than before evict everything they have cached.
 */
@Entity("database_history")
export class DatabaseHistoryEntity {
  @IntColumn("id", { primary: true }) id: number;
  /** A random UUID. */
  @TextColumn("history_id", 36) historyId: string;
}

const theRow = { id: 1 };

/** Null if it was removed, e.g. by a restore from before it was added. */
export async function readHistoryId({ manager }: DataSource): Promise<string | null> {
  return (await manager.findOneBy(DatabaseHistoryEntity, theRow))?.historyId ?? null;
}

/** Makes every running process reread all tokens. */
export async function startNewHistory({ manager }: DataSource): Promise<void> {
  await manager.save(DatabaseHistoryEntity, { ...theRow, historyId: randomUUID() });
}

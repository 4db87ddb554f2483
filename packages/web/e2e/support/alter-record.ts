import { createRequire } from "node:module";
import { join } from "node:path";
import { serverCli } from "./demo-server.mjs";

interface Database {
  prepare(sql: string): { all(): { name: string }[]; run(...values: unknown[]): void };
  close(): void;
}

/** Opens the server’s database while the server runs. */
export function openDatabase(dataDir: string): Database {
  const Driver: new (file: string) => Database = createRequire(serverCli)("better-sqlite3");
  return new Driver(join(dataDir, "hallpass.sqlite"));
}

/** Simulates an attacker with database access but no key: their trail head is unsigned. */
export function unsignHead(dataDir: string, account: string): void {
  const database = openDatabase(dataDir);
  database.prepare("UPDATE audit_head SET signature = NULL, key_id = NULL WHERE account_id = ?").run(account);
  database.close();
}

/** Simulates an attacker with database access, who can drop the triggers. */
export function alterRecord(dataDir: string, { account, sequence }: { account: string; sequence: number }): void {
  const database = openDatabase(dataDir);
  for (const { name } of database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all())
    database.prepare(`DROP TRIGGER ${name}`).run();
  database
    .prepare("UPDATE audit_record SET summary = 'Nothing happened' WHERE account_id = ? AND sequence = ?")
    .run(account, sequence);
  database.close();
}

import { createRequire } from "node:module";
import { join } from "node:path";
import { serverCli } from "./demo-server.mjs";

interface Database {
  prepare(sql: string): { all(): { name: string }[]; run(...values: unknown[]): void };
  close(): void;
}

/** The server's database, beside the server. */
export function openDatabase(dataDir: string): Database {
  const Driver: new (file: string) => Database = createRequire(serverCli)("better-sqlite3");
  return new Driver(join(dataDir, "hallpass.sqlite"));
}

/** What somebody does who has the database but no key: the head that they write is not signed. */
export function unsignHead(dataDir: string, account: string): void {
  const database = openDatabase(dataDir);
  database.prepare("UPDATE audit_head SET signature = NULL, key_id = NULL WHERE account_id = ?").run(account);
  database.close();
}

/** What somebody does who has the database: past its triggers. */
export function alterRecord(dataDir: string, { account, sequence }: { account: string; sequence: number }): void {
  const database = openDatabase(dataDir);
  for (const { name } of database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all())
    database.prepare(`DROP TRIGGER ${name}`).run();
  database
    .prepare("UPDATE audit_record SET summary = 'Nothing happened' WHERE account_id = ? AND sequence = ?")
    .run(account, sequence);
  database.close();
}

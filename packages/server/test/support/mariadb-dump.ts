import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { TestDatabase } from "./database.js";

const run = promisify(execFile);

// Uses MariaDB's own programs, as in docs/operations.md.

function connectionOf({ env }: TestDatabase): { args: string[]; name: string } {
  const { port, pathname } = new URL(env.DATABASE_URL ?? "");
  return { args: ["--no-defaults", "--host=127.0.0.1", `--port=${port}`, "--user=root"], name: pathname.slice(1) };
}

export async function dumpMariadb(database: TestDatabase, file: string): Promise<void> {
  const { args, name } = connectionOf(database);
  await run("sh", ["-c", `mariadb-dump ${args.join(" ")} --single-transaction --hex-blob ${name} > ${file}`]);
}

export async function loadMariadb(database: TestDatabase, file: string): Promise<void> {
  const { args, name } = connectionOf(database);
  await run("sh", ["-c", `mariadb ${args.join(" ")} ${name} < ${file}`]);
}

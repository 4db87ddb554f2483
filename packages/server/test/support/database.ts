import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";

/** The suite's engine, set by each Jest project. */
declare const engine: "sqlite" | "mariadb";

export const currentEngine = engine;

export interface TestDatabase {
  /** The server's settings for it. */
  env: Record<string, string>;
  dataDir: string;
  remove(): Promise<void>;
}

/** An empty database of the suite's engine. */
export function createDatabase(): Promise<TestDatabase> {
  return engine === "sqlite" ? createSqliteDatabase() : createMariadbDatabase(mariadbPort());
}

export async function createSqliteDatabase(): Promise<TestDatabase> {
  const dataDir = newFolder();
  return { env: { HALLPASS_DATA_DIR: dataDir }, dataDir, remove: async () => removeFolder(dataDir) };
}

export async function createMariadbDatabase(port: number): Promise<TestDatabase> {
  const name = `t${randomBytes(6).toString("hex")}`;
  const root = { host: "127.0.0.1", port, user: "root" };
  await statement(root, `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  const dataDir = newFolder();
  return {
    env: {
      DATABASE_URL: `mariadb://root:@127.0.0.1:${port}/${name}`,
      HALLPASS_ENCRYPTION_KEYS: `test:${randomBytes(32).toString("base64")}`,
      HALLPASS_DATA_DIR: dataDir,
    },
    dataDir,
    async remove() {
      removeFolder(dataDir);
      await statement(root, `DROP DATABASE ${name}`);
    },
  };
}

function mariadbPort(): number {
  return Number(process.env.HALLPASS_TEST_MARIADB_PORT);
}

async function statement(options: mysql.ConnectionOptions, sql: string): Promise<void> {
  const connection = await mysql.createConnection(options);
  await connection.query(sql);
  await connection.end();
}

const newFolder = () => mkdtempSync(join(tmpdir(), "hallpass-test-"));
const removeFolder = (path: string) => rmSync(path, { recursive: true, force: true });

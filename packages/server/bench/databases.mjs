// The two databases under test: an embedded one in a temporary folder, and a private mariadbd.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import SQLite from "better-sqlite3";
import mysql from "mysql2/promise";

/**
 * @typedef {object} Database
 * @property {string} name
 * @property {Record<string, string>} env Settings that make Hallpass use it.
 * @property {() => Promise<Hand>} openByHand A connection that bypasses Hallpass. Open it after the schema exists.
 * @property {() => Promise<void>} remove Stops the server and deletes its data.
 *
 * @typedef {object} Hand
 * @property {(sql: string, parameters?: unknown[]) => Promise<Record<string, unknown>[]>} query
 * @property {(sql: string, parameters?: unknown[]) => Promise<string[]>} explain The plan, one step per line.
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<Database>} */
export async function embeddedDatabase() {
  const folder = temporaryFolder();
  process.once("exit", () => removeFolder(folder));
  return {
    name: `SQLite ${new SQLite(":memory:").prepare("SELECT sqlite_version()").pluck().get()}, embedded`,
    env: { HALLPASS_DATA_DIR: folder },
    async openByHand() {
      const db = new SQLite(join(folder, "hallpass.sqlite"), { readonly: true });
      const query = async (sql, parameters = []) => db.prepare(sql).all(parameters.map(toSqlite));
      return {
        query,
        explain: async (sql, parameters) =>
          (await query(`EXPLAIN QUERY PLAN ${sql}`, parameters)).map(({ detail }) => detail),
        close: async () => void db.close(),
      };
    },
    remove: async () => removeFolder(folder),
  };
}

const toSqlite = (value) => (value instanceof Date ? value.toISOString().replace("T", " ").replace("Z", "") : value);

/** A mariadbd with default settings on a free port. Null if it is not installed. @returns {Promise<Database | null>} */
export async function throwawayMariaDb() {
  const version = spawnSync("mariadbd", ["--version"], { encoding: "utf8" });
  if (version.error) return null;
  const folder = temporaryFolder();
  const user = `--user=${userInfo().username}`;
  const install = ["--no-defaults", `--datadir=${folder}`, "--auth-root-authentication-method=normal", user];
  const installed = spawnSync("mariadb-install-db", [...install, "--skip-test-db"], { encoding: "utf8" });
  if (installed.status !== 0) throw new Error(`mariadb-install-db failed: ${installed.stderr}`);

  const port = await freePort();
  const place = [`--datadir=${folder}`, `--socket=${join(folder, "s.sock")}`, `--port=${port}`];
  const server = spawn("mariadbd", ["--no-defaults", ...place, "--bind-address=127.0.0.1", user], { stdio: "ignore" });
  // Its data is discarded, so it needs no clean shutdown.
  const end = () => server.kill("SIGKILL");
  process.once("exit", () => {
    end();
    removeFolder(folder);
  });

  const connection = { host: "127.0.0.1", port, user: "root", password: "" };
  const first = await connected(connection, server);
  await first.query("CREATE DATABASE hallpass");
  await first.end();
  return {
    name: `MariaDB ${/Ver ([\d.]+)/.exec(version.stdout)?.[1]}`,
    env: {
      HALLPASS_DATA_DIR: folder,
      DATABASE_URL: `mysql://root@127.0.0.1:${port}/hallpass`,
      HALLPASS_ENCRYPTION_KEYS: `bench:${randomBytes(32).toString("base64")}`,
    },
    async openByHand() {
      const db = await mysql.createConnection({
        ...connection,
        database: "hallpass",
        timezone: "Z",
        dateStrings: true,
      });
      // InnoDB does this itself a few seconds after a bulk load. Doing it here keeps it out of the measurement.
      await db.query("ANALYZE TABLE api_token, api_token_module");
      const query = async (sql, parameters) => /** @type {any} */ ((await db.query(sql, parameters))[0]);
      return {
        query,
        explain: async (sql, parameters) =>
          (await query(`EXPLAIN ${sql}`, parameters)).map(
            ({ table, type, key, rows, Extra }) => `${table}: ${type} ${key ?? "-"}, ${rows} rows. ${Extra}`,
          ),
        close: () => db.end(),
      };
    },
    async remove() {
      const ended = once(server, "exit");
      end();
      await ended;
      removeFolder(folder);
    },
  };
}

const temporaryFolder = () => mkdtempSync(join(tmpdir(), "hallpass-bench-"));

const removeFolder = (folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, "close");
  return port;
}

/** Waits until the server accepts connections. */
async function connected(connection, server) {
  for (const end = Date.now() + 30_000; ; ) {
    try {
      return await mysql.createConnection(connection);
    } catch (error) {
      if (server.exitCode !== null) throw new Error(`mariadbd ended with ${server.exitCode}`);
      if (Date.now() > end) throw error;
      await sleep(100);
    }
  }
}

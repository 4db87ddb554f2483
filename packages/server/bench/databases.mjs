// The two databases that are measured: an embedded one in a temporary folder, and a mariadbd of our own.
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
 * @property {Record<string, string>} env Settings with which Hallpass uses it.
 * @property {() => Promise<Hand>} openByHand A connection past Hallpass; to be opened after the schema is there.
 * @property {() => Promise<void>} remove Stops what runs and deletes what is stored.
 *
 * @typedef {object} Hand
 * @property {(sql: string, parameters?: unknown[]) => Promise<Record<string, unknown>[]>} query
 * @property {(sql: string, parameters?: unknown[]) => Promise<string[]>} explain The plan, a step a line.
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

/** A mariadbd with its own defaults on a free port. Null when this machine has none. @returns {Promise<Database | null>} */
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
  // Nothing of it is kept, so it need not end in good order.
  const end = () => server.kill("SIGKILL");
  process.once("exit", () => {
    end();
    removeFolder(folder);
  });

  const address = { host: "127.0.0.1", port, user: "root", password: "" };
  const first = await connected(address, server);
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
      const db = await mysql.createConnection({ ...address, database: "hallpass", timezone: "Z", dateStrings: true });
      // InnoDB does this by itself some seconds after a bulk load; done here, no run is measured halfway.
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

/** Waits for the server to take connections. */
async function connected(address, server) {
  for (const end = Date.now() + 30_000; ; ) {
    try {
      return await mysql.createConnection(address);
    } catch (error) {
      if (server.exitCode !== null) throw new Error(`mariadbd ended with ${server.exitCode}`);
      if (Date.now() > end) throw error;
      await sleep(100);
    }
  }
}

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import mysql from "mysql2/promise";
import { currentEngine, type TestDatabase } from "../support/database.js";
import { type Mariadb, startMariadb } from "../support/mariadb.js";
import { describeWith } from "../support/programs.js";
import { type CreatedToken, TestServer } from "../support/test-server.js";

jest.setTimeout(120_000);

const packages = join(__dirname, "../../..");
const document = readFileSync(join(packages, "../docs/operations.md"), "utf8");

interface DocumentedCommand {
  heading: string;
  /** Settings earlier in its block: `umask`, `export`. */
  settings: string[];
  text: string;
}

/** The commands in a page's `sh` blocks, in order. A trailing backslash continues a line. */
function commandsOf(page: string): DocumentedCommand[] {
  const commands: DocumentedCommand[] = [];
  let heading = "";
  let settings: string[] | null = null;
  for (const line of page
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((each) => each.trim())) {
    if (line === "```sh") settings = [];
    else if (line.startsWith("```")) settings = null;
    else if (settings && /^(umask|export) /.test(line)) settings.push(line);
    else if (settings && line !== "" && !line.startsWith("#"))
      commands.push({ heading, settings: [...settings], text: line });
    else if (!settings && line.startsWith("## ")) heading = line.slice(3);
  }
  return commands;
}

const isForEngine = ({ text }: DocumentedCommand) =>
  /^(mariadb|mysql)/.test(text) ? currentEngine === "mariadb" : !/sqlite/.test(text) || currentEngine === "sqlite";

const programs = currentEngine === "sqlite" ? ["sqlite3"] : ["mariadb", "mariadb-dump"];

describeWith(programs, "Commands in docs/operations.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "hallpass-operations-"));
  const data = join(folder, "data");
  const backup = join(folder, "backup");
  let mariadb: Mariadb | undefined;
  let database: TestDatabase;
  let server: TestServer;
  let token: CreatedToken;

  /** As documented, in the installation's folder with its settings. */
  beforeAll(async () => {
    mkdirSync(backup);
    symlinkSync(packages, join(folder, "packages"));
    database = { env: { HALLPASS_DATA_DIR: data }, dataDir: data, remove: async () => {} };
    if (currentEngine === "mariadb") {
      // A server of its own, as the database has the documented name.
      mariadb = await startMariadb({ durable: false });
      const client = `[client]\nprotocol=tcp\nhost=127.0.0.1\nport=${mariadb.port}\nuser=root\n`;
      writeFileSync(join(folder, ".my.cnf"), client);
      await emptyDatabase();
      database.env.DATABASE_URL = `mariadb://root:@127.0.0.1:${mariadb.port}/hallpass`;
      database.env.HALLPASS_ENCRYPTION_KEYS = `k1:${randomBytes(32).toString("base64")}`;
    }
    server = await TestServer.start({ database });
    token = await server.createToken();
  });
  afterAll(async () => {
    await server?.stop();
    await mariadb?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function emptyDatabase(): Promise<void> {
    const connection = await mysql.createConnection({ host: "127.0.0.1", port: mariadb?.port ?? 0, user: "root" });
    await connection.query("DROP DATABASE IF EXISTS hallpass");
    await connection.query("CREATE DATABASE hallpass CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    await connection.end();
  }

  /** Preparations the page requires before a command. */
  const before: [RegExp, () => Promise<void>][] = [
    [/^mariadb hallpass </, () => server.stop().then(emptyDatabase)],
    [
      /^cp .* data\/hallpass\.sqlite/,
      async () => {
        await server.stop();
        for (const file of readdirSync(data).filter((each) => /-(wal|shm)$/.test(each))) rmSync(join(data, file));
      },
    ],
  ];

  async function run({ settings, text }: DocumentedCommand): Promise<string> {
    for (const [command, prepare] of before) if (command.test(text)) await prepare();
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      BACKUP: backup,
      HEADS: join(folder, "heads.txt"),
      ARCHIVE: folder,
      // Unavailable. No command needs Redis or mentions it on standard output.
      REDIS_URL: "redis://127.0.0.1:1",
      ...database.env,
    };
    const script = ["set -eu", ...settings, text].join("\n");
    const { stdout } = await promisify(execFile)("sh", ["-c", script], { cwd: folder, env });
    return stdout;
  }

  const all = commandsOf(document);

  test("The page contains the commands other pages refer to", () => {
    for (const [heading, words] of [
      ["The database", "migrate"],
      ["Encryption keys", "keys rotate"],
      ["Backup and restore", "mariadb-dump"],
      ["Backup and restore", "mariadb hallpass"],
      ["Backup and restore", "VACUUM INTO"],
      ["Backup and restore", "cp"],
      ["The audit trail", "audit head"],
      ["The audit trail", "audit verify"],
      ["The audit trail", "audit archive"],
    ])
      expect(all).toContainEqual(expect.objectContaining({ heading, text: expect.stringContaining(words ?? "") }));
  });

  test.each(all.filter(isForEngine).map((each) => [each.heading, each.text, each] as const))(
    "The command under “%s” succeeds: %s",
    async (_heading, _text, command) => void (await run(command)),
  );

  test("The commands leave a backup only its owner can read and a restored database that checks values", async () => {
    const files = readdirSync(backup);
    expect(files).toEqual([currentEngine === "mariadb" ? "hallpass.sql" : "hallpass.sqlite"]);
    for (const file of files) expect(statSync(join(backup, file)).mode & 0o077).toBe(0);
    await server.stop();
    server = await TestServer.start({ database, platform: null });
    expect((await server.program(token.value).fetch("/authorize")).status).toBe(200);
  });
});

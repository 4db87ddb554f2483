import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { entities } from "../../../src/app/entities.js";
import { runCommand } from "../../support/command-line.js";
import { createMariadbDatabase, type TestDatabase } from "../../support/database.js";
import { type Mariadb, startMariadb } from "../../support/mariadb.js";
import { modules } from "../../support/platform.js";
import { TestServer } from "../../support/test-server.js";

/** The documented grants. */
const documented = readFileSync(join(__dirname, "../../../../../docs/databases/grants.sql"), "utf8");

describe("Database user of docs/databases/grants.sql", () => {
  let mariadb: Mariadb;
  let database: TestDatabase;
  let server: TestServer;
  let root: mysql.Connection;
  const suffix = randomBytes(4).toString("hex");

  const as = (user: string, password: string): TestDatabase => {
    const url = new URL(database.env.DATABASE_URL ?? "");
    Object.assign(url, { username: `${user}_${suffix}`, password });
    return { ...database, env: { ...database.env, DATABASE_URL: url.href } };
  };
  const connect = ({ env }: TestDatabase) =>
    mysql.createConnection((env.DATABASE_URL ?? "").replace(/^mariadb/, "mysql"));

  beforeAll(async () => {
    // A server of its own, as read-only mode would block the other suites' transactions.
    mariadb = await startMariadb({ durable: false });
    database = await createMariadbDatabase(mariadb.port);
    root = await connect(database);
    const name = new URL(database.env.DATABASE_URL ?? "").pathname.slice(1);
    const statements = documented
      .replace(/^--.*$/gm, "")
      .replaceAll("hallpass.", `${name}.`)
      .replaceAll("'hallpass_owner'", `'hallpass_owner_${suffix}'`)
      .replaceAll("'hallpass'", `'hallpass_${suffix}'`)
      .split(";")
      .map((each) => each.trim())
      .filter(Boolean);
    const owner = statements.filter((each) => each.includes("hallpass_owner"));
    for (const each of owner) await root.query(each);
    expect(await runCommand(["migrate"], database.dataDir, as("hallpass_owner", "a password").env)).toMatchObject({
      status: 0,
    });
    for (const each of statements.filter((statement) => !owner.includes(statement))) await root.query(each);
    server = await TestServer.start({ database: as("hallpass", "a password") });
  });
  afterAll(async () => {
    await server?.close();
    await root?.end();
    await mariadb?.remove();
  });

  test("Every action works with the granted privileges", async () => {
    const admin = await server.signIn("admin");
    const { id, value } = await server.createToken({ moduleIds: [modules.catalogue] }, admin);
    expect((await server.program(value).fetch("/authorize")).status).toBe(200);
    const changes: [string, object][] = [
      ["updateApiToken", { name: "Renamed", moduleIds: [modules.orders], icon: pixel }],
      ["updateApiToken", { icon: null }],
      ["disableApiToken", {}],
      ["enableApiToken", {}],
      ["revealApiToken", { purpose: "SHOW" }],
      ["rotateApiToken", {}],
      ["endApiTokenRotation", {}],
      ["deleteApiToken", {}],
    ];
    for (const [name, more] of changes) expect((await admin.mutate(name, { id, ...more })).userErrors).toEqual([]);
    expect((await admin.fetch("/exports/audit-trail.jsonl")).status).toBe(200);
    const { auditTrailVerification } = await admin.data("{ auditTrailVerification { fault { message } } }");
    expect(auditTrailVerification.fault).toBeNull();
    for (const expiryRequired of [true, false])
      expect((await admin.mutate("updateAccountPolicy", { expiryRequired })).userErrors).toEqual([]);
    const leaked = await server.createToken({}, admin);
    const report = {
      method: "POST",
      body: JSON.stringify({ tokens: [leaked.value] }),
      headers: { "Content-Type": "application/json" },
    };
    expect((await server.nobody().fetch("/oauth2/revoke", report)).status).toBe(200);
    expect((await server.program(leaked.value).fetch("/authorize")).status).toBe(401);
    const { webhook } = await admin.mutate("createWebhook", {
      url: "https://127.0.0.1:1/",
      events: ["api_token.created"],
    });
    for (const name of ["testWebhook", "rotateWebhookSecret", "deleteWebhook"])
      expect((await admin.mutate(name, { id: webhook.id })).userErrors).toEqual([]);
    await admin.data("mutation { signOut { userErrors { code } } }");
    const ready = await server.nobody().fetch("/readyz");
    expect([ready.status, await ready.json()]).toEqual([200, expect.objectContaining({ status: "ok", details: [] })]);
  });

  test.each([
    "UPDATE audit_record SET summary = 'Nothing happened'",
    "DELETE FROM audit_record",
    "TRUNCATE TABLE audit_record",
    "DROP TABLE audit_record",
    "DROP TRIGGER tr_audit_record_update",
    "REPLACE INTO audit_record SELECT * FROM audit_record",
    "INSERT INTO audit_record SELECT * FROM audit_record ON DUPLICATE KEY UPDATE summary = 'Nothing happened'",
    "ALTER TABLE audit_record DROP COLUMN summary",
    "RENAME TABLE audit_record TO elsewhere",
    "DELETE FROM audit_head",
    "INSERT INTO audit_archive SELECT account_id, sequence, hash FROM audit_head",
    "DELETE FROM api_token",
    "DELETE FROM encryption_key",
    "CREATE TABLE more (id int)",
  ])("The database denies the statement %s", async (statement) => {
    const connection = await connect(as("hallpass", "a password"));
    await expect(connection.query(statement)).rejects.toThrow(/denied/);
    await connection.end();
  });

  test("A read-only database degrades /readyz, answers checks and fails changes", async () => {
    const admin = await server.signIn("admin");
    const { id, value } = await server.createToken({}, admin);
    const ready = async () => (await server.nobody().fetch("/readyz")).json();
    // Read-only mode does not apply to root.
    await root.query("SET GLOBAL read_only = 1");
    try {
      expect(await ready()).toMatchObject({ status: "degraded", database: "read-only" });
      expect((await server.program(value).fetch("/authorize")).status).toBe(200);
      await expect(admin.mutate("disableApiToken", { id })).rejects.toThrow("SERVICE_UNAVAILABLE");
    } finally {
      await root.query("SET GLOBAL read_only = 0");
    }
    expect((await admin.mutate("disableApiToken", { id })).userErrors).toEqual([]);
    expect(await ready()).toMatchObject({ database: "up" });
  });

  test("Usage is stored with the granted privileges", async () => {
    await server.stop();
    const [rows] = await root.query("SELECT SUM(allowed) AS allowed FROM token_usage");
    expect(rows).toMatchObject([{ allowed: "2" }]);
  });

  test("Every table but that of archives is granted to the user", () => {
    const granted = [...documented.matchAll(/^GRANT .*ON hallpass\.(\w+) TO 'hallpass'/gm)].map(([, table]) => table);
    const tables = server.app.dataSource.entityMetadatas.map(({ tableName }) => tableName);
    expect(tables).toHaveLength(entities.length);
    // Only the owner archives.
    expect([...granted, "audit_archive"].sort()).toEqual(tables.sort());
  });
});

const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

import mysql from "mysql2/promise";
import { runCommand } from "../../support/command-line.js";
import { createMariadbDatabase, type TestDatabase } from "../../support/database.js";
import { type Mariadb, startMariadb } from "../../support/mariadb.js";
import { TestServer } from "../../support/test-server.js";

describe("Missing trigger privileges", () => {
  let mariadb: Mariadb;
  let database: TestDatabase;
  let owner: TestDatabase;
  let root: mysql.Connection;

  const as = (user: string): TestDatabase => {
    const url = new URL(database.env.DATABASE_URL ?? "");
    Object.assign(url, { username: user, password: "a password" });
    return { ...database, env: { ...database.env, DATABASE_URL: url.href } };
  };
  const migrate = () => runCommand(["migrate"], database.dataDir, owner.env);
  const verify = () => runCommand(["audit", "verify"], database.dataDir, owner.env);
  const ready = async (server: TestServer) => (await server.nobody().fetch("/readyz")).json();
  const missing = "tr_audit_record_update, tr_audit_record_delete";

  beforeAll(async () => {
    mariadb = await startMariadb({
      durable: false,
      options: ["--log-bin=binlog", "--server-id=1", "--log-bin-trust-function-creators=0"],
    });
    database = await createMariadbDatabase(mariadb.port);
    root = await mysql.createConnection((database.env.DATABASE_URL ?? "").replace(/^mariadb/, "mysql"));
    const name = new URL(database.env.DATABASE_URL ?? "").pathname.slice(1);
    await root.query("CREATE USER owner IDENTIFIED BY 'a password'");
    await root.query(`GRANT ALL ON ${name}.* TO owner`);
    // Can change records but sees no triggers.
    await root.query("CREATE USER writer IDENTIFIED BY 'a password'");
    await root.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${name}.* TO writer`);
    owner = as("owner");
  });
  afterAll(async () => {
    await root?.end();
    await database?.remove();
    await mariadb?.remove();
  });

  test("Every migrate warns of each trigger it cannot create, with the reason", async () => {
    for (const _ of ["first", "second"]) {
      const { status, out, err } = await migrate();
      expect([status, out]).toEqual([0, expect.stringContaining("The schema is up to date.\n")]);
      for (const change of ["update", "delete"])
        expect(err).toMatch(new RegExp(`^Warning: the trigger tr_audit_record_${change}, .*SUPER`, "m"));
    }
  });

  test("A server is degraded until a migrate creates the triggers, and needs no restart", async () => {
    const server = await TestServer.start({ database: owner });
    const writing = await TestServer.start({ database: as("writer"), platform: null });
    const { value } = await server.createToken();
    for (const each of [server, writing])
      expect(await ready(each)).toMatchObject({ status: "degraded", details: [expect.stringContaining(missing)] });
    expect((await server.program(value).fetch("/authorize")).status).toBe(200);
    const without = await verify();
    expect([without.status, without.out]).toEqual([0, expect.stringContaining(`triggers MISSING: ${missing}`)]);
    await server.sql("UPDATE audit_record SET summary = summary");

    await root.query("SET GLOBAL log_bin_trust_function_creators = 1");
    expect(await migrate()).toEqual({ status: 0, out: "The schema is up to date.\n", err: "" });
    for (const each of [server, writing]) {
      expect(await ready(each)).toMatchObject({ status: "ok", details: [] });
      await expect(each.sql("UPDATE audit_record SET summary = summary")).rejects.toThrow("never changed");
    }
    expect((await verify()).out).toContain("triggers present");
    await writing.stop();
    await server.stop();
  });

  test("A migrate during a backup creates no trigger and blocks no change", async () => {
    await root.query("DROP TRIGGER tr_audit_record_delete");
    const server = await TestServer.start({ database: as("writer"), platform: null });
    await root.query("START TRANSACTION");
    await root.query("SELECT COUNT(*) FROM audit_record");
    const { status, err } = await migrate();
    expect([status, err]).toEqual([0, expect.stringMatching(/tr_audit_record_delete, .*Lock wait timeout/)]);
    expect((await server.createToken()).value).toMatch(/^hp_/);
    await root.query("ROLLBACK");
    expect((await migrate()).err).toBe("");
    await server.stop();
  });
});

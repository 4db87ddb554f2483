import { runCommand } from "../support/command-line.js";
import { currentEngine } from "../support/database.js";
import { useServer } from "../support/test-server.js";

describe("Audit triggers", () => {
  const server = useServer();
  const names = {
    mariadb: ["tr_audit_record_update", "tr_audit_record_delete"],
    sqlite: ["tr_audit_record_update", "tr_audit_record_delete", "tr_audit_record_insert"],
  }[currentEngine];
  const run = (...args: string[]) => runCommand(args, server().database.dataDir, server().database.env);
  const ready = async () => (await server().nobody().fetch("/readyz")).json();
  const create = (name: string, body: string) =>
    server().sql(
      currentEngine === "mariadb"
        ? `CREATE TRIGGER ${name} BEFORE UPDATE ON audit_record FOR EACH ROW ${body}`
        : `CREATE TRIGGER ${name} BEFORE UPDATE ON audit_record BEGIN ${body}; END`,
    );

  test("A trigger that is dropped or made permissive degrades /readyz", async () => {
    expect(await ready()).toMatchObject({ status: "ok", details: [] });
    for (const name of names) await server().sql(`DROP TRIGGER ${name}`);
    expect(await ready()).toMatchObject({ status: "degraded", details: [expect.stringContaining(names.join(", "))] });
    await create("tr_audit_record_update", currentEngine === "mariadb" ? "SET @x = 1" : "SELECT 1");
    expect(await ready()).toMatchObject({ status: "degraded", details: [expect.stringContaining(names.join(", "))] });
    expect((await server().createToken()).value).toMatch(/^hp_/);
  });

  test("The next migrate recreates the triggers, and a running process becomes ready without a restart", async () => {
    expect(await run("migrate")).toEqual({ status: 0, out: "The schema is up to date.\n", err: "" });
    expect(await ready()).toMatchObject({ status: "ok", details: [] });
    await expect(server().sql("UPDATE audit_record SET summary = 'x'")).rejects.toThrow("never changed");
    await expect(server().sql("DELETE FROM audit_record")).rejects.toThrow("never changed");
  });
});

import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openHeadsFile } from "../../src/features/audit/heads/heads-file.js";
import { runCommand } from "../support/command-line.js";
import { accounts, modules } from "../support/platform.js";
import { HallpassProcess, until } from "../support/programs.js";
import { useServer } from "../support/test-server.js";

const newFolder = () => mkdtempSync(join(tmpdir(), "hallpass-heads-"));
const linesOf = (file: string) => (existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : []);
const accountsIn = (lines: string[]) => [...new Set(lines.map((line) => line.split(" ")[0]))].sort();
const signed = /^ACC(-\d{4})+ \d+ [0-9a-f]{64} \S+ [0-9a-f]{64}$/;

describe("HALLPASS_AUDIT_HEADS_FILE", () => {
  const server = useServer();
  const folder = newFolder();
  const file = join(folder, "heads.txt");
  const env = () => ({ ...server().database.env, HALLPASS_AUDIT_HEADS_FILE: file });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Opens the heads file with an interval short enough to wait for. */
  const openFile = (path: string) => openHeadsFile(server().app, path, 20);
  const headOf = async (account: string) =>
    (await server().sql("SELECT sequence, hash FROM audit_head WHERE account_id = ?", [account]))[0];

  test("A server appends every head at its start and changed heads when it stops", async () => {
    const hallpass = await HallpassProcess.start(env());
    await until(() => accountsIn(linesOf(file)).length === Object.keys(accounts).length, { limitMs: 30_000 });
    const before = linesOf(file);
    await hallpass.signIn("admin");
    expect(await hallpass.stop()).toBe(0);
    const added = linesOf(file).slice(before.length);
    const { sequence, hash } = await headOf(accounts.client);
    expect(added).toEqual([expect.stringContaining(`${accounts.client} ${sequence} ${hash} `)]);
    for (const line of linesOf(file)) expect(line).toMatch(signed);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("A command appends the heads it changed", async () => {
    const before = linesOf(file);
    const create = ["tokens", "create", "--account", accounts.vendor, "--name", "Robot", "--module", modules.orders];
    expect(await runCommand(create, folder, env())).toMatchObject({ status: 0 });
    expect(accountsIn(linesOf(file).slice(before.length))).toEqual([accounts.vendor]);
  });

  test("The verify command accepts the file’s lines", async () => {
    const newest = linesOf(file).slice(-3).join("\n");
    expect(await runCommand(["audit", "verify", "--head", newest], folder, env())).toMatchObject({ status: 0 });
    expect(await runCommand(["audit", "verify", "--heads-file", file], folder, env())).toMatchObject({
      status: 0,
      err: "",
    });
  });

  test("A changed head is appended once per interval", async () => {
    const path = join(folder, "interval.txt");
    const heads = openFile(path);
    for (let count = 1; count <= 2; count++) {
      heads.changed(accounts.client);
      heads.changed(accounts.client);
      await until(() => linesOf(path).length === count);
    }
    await heads.close();
    expect(linesOf(path)).toHaveLength(2);
  });

  test("A truncated line is not continued", async () => {
    const path = join(folder, "torn.txt");
    appendFileSync(path, "ACC-0001-00");
    const heads = openFile(path);
    heads.changed(accounts.client);
    await heads.close();
    expect(linesOf(path)).toEqual(["ACC-0001-00", expect.stringMatching(signed)]);
  });

  test("A head without a valid signature is not appended", async () => {
    const path = join(folder, "unsigned.txt");
    const [{ signature }] = await server().sql("SELECT signature FROM audit_head WHERE account_id = ?", [
      accounts.client,
    ]);
    const set = "UPDATE audit_head SET signature = ? WHERE account_id = ?";
    await server().sql(set, ["f".repeat(64), accounts.client]);
    const heads = openFile(path);
    heads.changed(accounts.client);
    heads.changed(accounts.vendor);
    await heads.close();
    await server().sql(set, [signature, accounts.client]);
    expect(accountsIn(linesOf(path))).toEqual([accounts.vendor]);
    expect(server().log.join("\n")).toContain("audit heads were not saved, as they are not validly signed");
  });

  test("Every head is appended if more accounts change than are remembered", async () => {
    const path = join(folder, "many.txt");
    const heads = openHeadsFile(server().app, path, 60_000);
    for (let index = 0; index <= 10_000; index++) heads.changed(`ACC-${index}`);
    await heads.close();
    expect(accountsIn(linesOf(path))).toEqual(Object.values(accounts).sort());
  });
});

describe("Unwritable heads file", () => {
  const folder = newFolder();
  const missing = join(folder, "missing");
  const server = useServer({ env: { HALLPASS_AUDIT_HEADS_FILE: join(missing, "heads.txt") } });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("An unwritable file degrades /readyz, blocks no change and is completed once writable", async () => {
    const ready = async () => (await server().nobody().fetch("/readyz")).json();
    await server().createToken();
    server().app.headsFile.appendAll();
    await until(() => server().app.headsFile.state() === "failing");
    expect(await ready()).toMatchObject({ status: "degraded", details: [expect.stringContaining("HEADS_FILE")] });
    expect(server().log.join("\n")).toContain("audit heads could not be saved");
    await server().createToken();
    mkdirSync(missing);
    server().app.headsFile.appendAll();
    await until(() => server().app.headsFile.state() === "ok");
    expect(await ready()).toMatchObject({ status: "ok", details: [] });
    expect(accountsIn(linesOf(join(missing, "heads.txt")))).toEqual(Object.values(accounts).sort());
  });
});

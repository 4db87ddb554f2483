import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { searchFiles } from "./support/files.js";
import { type Evidence, judge, type TrailRecord } from "./support/judge.js";
import { Ledger, readLedger } from "./support/ledger.js";
import { Load } from "./support/load.js";
import { boundMs } from "./support/scale.js";
import { count } from "./support/table.js";
import { newTenants, strangersIn } from "./support/tenants.js";
import { Value } from "./support/values.js";

// Proves that the suites detect violations: everything is as promised except for one thing at a time.

const account = "ACC-3000-0000";
const id = "TKN-1234-5678";
const value = `hp_12345678_${"s3cretPart".repeat(3)}ab000000`;
const folder = mkdtempSync(join(tmpdir(), "hallpass-faults-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A ledger with a token created and disabled, and a lost enabling. */
function ledger(): string {
  const path = join(folder, "ledger.jsonl");
  rmSync(path, { force: true });
  const written = new Ledger(path);
  const create = written.intend({ account, operation: "create", token: null, mark: "one" });
  written.conclude(create, { kind: "acknowledged", token: id, value });
  const disable = written.intend({ account, operation: "disable", token: id, mark: "disable" });
  written.conclude(disable, { kind: "acknowledged", token: id });
  written.intend({ account, operation: "enable", token: id, mark: "enable" });
  written.close();
  return path;
}

const record = (sequence: number, event: string, after: object): TrailRecord => ({
  sequence,
  event: `api_token.${event}`,
  objectId: id,
  objectName: "one",
  after: { ...after },
});
const created = record(1, "created", { name: "one", description: null, status: "ACTIVE", moduleIds: ["MOD-1310"] });
const disabled = record(2, "disabled", { status: "DISABLED" });
const enabled = record(3, "enabled", { status: "ACTIVE" });

function evidence({ trail = [created, disabled], ...token }: { trail?: TrailRecord[]; [key: string]: unknown } = {}) {
  const listed = { id, name: "one", description: null, status: "DISABLED", version: 2 };
  const events = ["CREATED", "DISABLED"];
  const stored = {
    id,
    account,
    name: "one",
    description: null,
    status: "DISABLED",
    version: 2,
    moduleCount: 1,
    modules: 1,
    events,
    slots: ["CURRENT"],
  };
  const seen: Evidence = {
    trails: new Map([[account, trail]]),
    listed: new Map([[account, [{ ...listed, ...(token.listed as object) }]]]),
    stored: [{ ...stored, ...(token.stored as object) }],
  };
  return seen;
}

const isEnabled = { status: "ACTIVE", version: 3 };
const complaints = (seen: Evidence) => judge(readLedger(ledger()), seen).complaints.map(({ text }) => text);

describe("Judge", () => {
  test("The judge reports nothing if acknowledged changes are stored, whether or not lost ones were done", () => {
    expect(complaints(evidence())).toEqual([]);
    const done = { stored: { ...isEnabled, events: ["CREATED", "DISABLED", "ENABLED"] }, listed: isEnabled };
    expect(complaints(evidence({ trail: [created, disabled, enabled], ...done }))).toEqual([]);
  });

  test.each([
    ["a lost record", evidence({ trail: [created] })],
    ["a duplicate record", evidence({ trail: [created, disabled, { ...disabled, sequence: 3 }] })],
    ["a lost creation", evidence({ trail: [] })],
    [
      "two tokens of one creation",
      evidence({ trail: [created, disabled, { ...created, sequence: 3, objectId: "TKN-1" }] }),
    ],
    ["reordered records", evidence({ trail: [disabled, created] })],
    [
      "a record of an unrequested change",
      evidence({ trail: [created, disabled, record(3, "deleted", { status: "DELETED" })] }),
    ],
    ["a change without its record", evidence({ stored: isEnabled, listed: isEnabled })],
    ["a record without its change", evidence({ trail: [created, disabled, enabled] })],
    ["a missing event", evidence({ stored: { events: ["CREATED"] } })],
    ["a missing value", evidence({ stored: { slots: [] } })],
    ["a missing module", evidence({ stored: { modules: 0 } })],
    ["an unlisted token", { ...evidence(), listed: new Map() }],
    ["an unstored token", { ...evidence(), stored: [] }],
    [
      "an unrequested token",
      { ...evidence(), stored: [...evidence().stored, { ...evidence().stored[0], id: "TKN-1" }] } as Evidence,
    ],
  ])("The judge reports %s", (_, seen) => {
    const found = complaints(seen);
    count("faultsFound", 1, found.length > 0 ? 0 : 1);
    expect(found).not.toEqual([]);
  });
});

describe("Other detectors", () => {
  test("Another tenant’s canary in a response is detected, and the tenant’s own is not", () => {
    const [one, other] = newTenants(2, 1);
    if (!one || !other) throw new Error("There are no tenants.");
    expect(strangersIn(`{"name":"${one.canary} a 1"}`, one)).toEqual([]);
    expect(strangersIn(`{"name":"${one.canary}"},{"name":"${other.canary} a 1"}`, one)).toEqual([other.canary]);
    count("faultsFound", 1);
  });

  test("A value in a file is detected, whole or by its secret part, even across two reads", async () => {
    const path = join(folder, "data");
    for (const text of [
      value,
      value.slice(12, 44),
      `${"x".repeat(1024 * 1024 - 20)}-${value}`,
      `\0\0${value.slice(12)}`,
    ]) {
      writeFileSync(path, text);
      expect((await searchFiles([path], [value])).found).toHaveLength(1);
      count("faultsFound", 1);
    }
    writeFileSync(path, "s3cretPart".repeat(3));
    expect((await searchFiles([path], [value])).found).toEqual([]);
  });

  test.each([
    ["is allowed after it was denied", 200, "bad", {}, 1],
    ["is allowed by another process after the bound", 200, "bad", { by: 1, since: -boundMs - 1 }, 1],
    ["is allowed after its expiry", 200, "unknown", { endsAt: 1 }, 1],
    ["is allowed while the database is unavailable", 200, "unknown", {}, 1],
    ["is denied although valid", 401, "good", {}, 1],
    ["is allowed by another process before the bound", 200, "bad", { by: 1 }, 0],
    ["is denied while its state is unknown", 401, "unknown", {}, 0],
  ] as const)("The load judges a value correctly if it %s", async (name, status, known, facts, expected) => {
    const server = createServer((_, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const load = new Load(new Ledger(join(folder, "load.jsonl")), [`http://127.0.0.1:${port}`]);
    const [tenant] = newTenants(1, 1);
    if (!tenant) throw new Error("There is no tenant.");
    const checked = new Value({ text: value, token: id, tenant, endsAt: Number.POSITIVE_INFINITY });
    checked.set(known, 0);
    Object.assign(checked, facts, { since: performance.now() + ("since" in facts ? facts.since : -1) });
    if (name.includes("unavailable")) load.awaySince = performance.now() - boundMs - 1;
    await load.check(checked, 0);
    server.close();
    server.closeAllConnections();
    expect(load.complaints).toHaveLength(expected);
    if (expected > 0) count("faultsFound", 1);
  });
});

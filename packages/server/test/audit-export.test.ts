import { createHash } from "node:crypto";
import type { Client } from "./support/client.js";
import { accounts, modules, type Person, people } from "./support/platform.js";
import { type TestServer, useServer } from "./support/test-server.js";

const formulas = ["=1+1", "+1", "-1", "@SUM(1)", "\tTab", "=cmd|'/C calc'!A0"];
const download = (client: Client, format: string) => client.fetch(`/exports/audit-trail.${format}`);

describe("Audit trail export", () => {
  const server = useServer();

  test("A JSON Lines export contains every record as hashed and ends with its own", async () => {
    await server().createToken({ name: "In the file" });
    const answer = await download(await server().as("auditor"), "jsonl");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/jsonl; charset=utf-8"]);
    expect(answer.headers.get("content-disposition")).toBe(
      `attachment; filename="audit-trail-${accounts.client}.jsonl"`,
    );
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const records = (await answer.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    let previous = "0".repeat(64);
    for (const { hash, ...record } of records) {
      const content = [previous, ...Object.values(record)];
      expect(createHash("sha256").update(JSON.stringify(content)).digest("hex")).toBe(hash);
      previous = hash;
    }
    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, index) => index + 1));
    expect(records.at(-1)).toMatchObject({
      event: "audit_trail.exported",
      actorId: people.auditor.id,
      objectId: accounts.client,
      changes: '{"before":{},"after":{"format":"jsonl"}}',
    });
    expect(records).toHaveLength((await server().trail("auditor")).length);
  });

  test("A CSV export is readable by spreadsheets and contains no formulas", async () => {
    const agent = '=HYPERLINK("https://evil.example")';
    const admin = (await server().as("admin")).with({ "User-Agent": agent });
    const [name, value] = [...(await server().as("admin")).cookies][0] as [string, string];
    admin.cookies.set(name, value);
    for (const formula of formulas) await server().createToken({ name: formula, description: formula }, admin);
    await server().createToken({ name: 'Quoted "so", Ärger' }, admin);
    const answer = await download(admin, "csv");
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from("\ufeff"));
    const [header = [], ...rows] = parseCsv(bytes.subarray(3).toString());
    expect(header.slice(0, 4)).toEqual(["accountId", "sequence", "at", "event"]);
    const column = (title: string) => rows.map((row) => row[header.indexOf(title)] ?? "");
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(column("objectName")).toEqual(expect.arrayContaining(["'=1+1", "'-1", 'Quoted "so", Ärger']));
    expect(column("userAgent")).toContain(`'${agent}`);
    expect(new Date(column("at")[0] ?? "").getTime()).toBeGreaterThan(0);
    expect(column("sequence")).toEqual(rows.map((_, index) => String(index + 1)));
  });

  test("An export that takes several reads is complete", async () => {
    const client = await server().as("vendorAdmin");
    const big = await bigTrail(server(), 2_345);
    const answer = await download(client, "jsonl");
    const sequences = (await answer.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).sequence);
    expect(sequences).toEqual(Array.from({ length: big + 1 }, (_, index) => index + 1));
  });

  test("A filtered export contains the records that match, and the trail says what was asked for", async () => {
    const admin = await server().as("otherAdmin");
    const { id } = await server().createToken({ name: "Filtered" }, admin);
    await admin.mutate("disableApiToken", { id });
    const read = async (query: string) => {
      const answer = await admin.fetch(`/exports/audit-trail.jsonl?${query}`);
      expect(answer.status).toBe(200);
      return (await answer.text())
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line).event);
    };
    expect(await read(`objectId=${id}`)).toEqual(["api_token.created", "api_token.disabled"]);
    expect(await read(`objectId=${id}&event=api_token.disabled&event=api_token.deleted`)).toEqual([
      "api_token.disabled",
    ]);
    expect(await read(`objectId=${id}&actorId=${people.auditor.id}`)).toEqual([]);
    expect(await read(`objectId=${id}&to=2000-01-01T00:00:00Z`)).toEqual([]);
    expect(await read(`objectId=${id}&from=2000-01-01T00:00:00%2B01:00`)).toHaveLength(2);
    const newest = (await server().trail(admin, { events: ["audit_trail.exported"] })).at(-1);
    expect(JSON.parse(newest.details).after).toEqual({
      format: "jsonl",
      filter: { objectIds: [id], at: { from: "1999-12-31T23:00:00.000Z" } },
    });
  });

  test.each(["objectid=TKN-1", "from=yesterday", "from=2026-01-01", "event=a&event=b&page=1", "from=&to="])(
    "An export with the parameters %s is rejected",
    async (query) => {
      const answer = await (await server().as("auditor")).fetch(`/exports/audit-trail.csv?${query}`);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([
        400,
        "application/problem+json; charset=utf-8",
      ]);
    },
  );

  test("An export requires access to the audit trail", async () => {
    const withAudit = await server().createToken({ moduleIds: [modules.audit] });
    const without = await server().createToken({ moduleIds: [modules.accessManagement] });
    const status = async (client: Client) => (await download(client, "jsonl")).status;
    expect(await status(server().nobody())).toBe(401);
    expect(await status(server().program("hp_00000000_nonsense"))).toBe(401);
    expect(await status(server().program(without.value))).toBe(403);
    expect(await status(server().program(withAudit.value))).toBe(200);
  });

  test("An export contains only the caller’s account", async () => {
    const text = async (person: Person) => (await download(await server().as(person), "jsonl")).text();
    const accountsIn = (lines: string) => [
      ...new Set(
        lines
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line).accountId),
      ),
    ];
    expect(accountsIn(await text("operator"))).toEqual([accounts.operations]);
    expect(accountsIn(await text("auditor"))).toEqual([accounts.client]);
  });

  test("An export is rate-limited and does not answer HEAD requests", async () => {
    const client = await server().signIn("operationsAuditor");
    expect((await client.fetch("/exports/audit-trail.csv", { method: "HEAD" })).status).toBe(404);
    for (let index = 1; index <= 30; index++) await (await download(client, "jsonl")).text();
    const refused = await download(client, "jsonl");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("content-type")).toContain("application/problem+json");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

/** Inserts dummy records into the vendor's trail and returns the last one's number. */
async function bigTrail(server: TestServer, count: number): Promise<number> {
  const [{ sequence }] = await server.sql("SELECT sequence FROM audit_head WHERE account_id = ?", [accounts.vendor]);
  const rows = Array.from({ length: count }, (_, index) => Number(sequence) + 1 + index);
  const row = (number: number) =>
    `('${accounts.vendor}', ${number}, '2026-01-01 00:00:00.000', 'e', 's', 'o', 'n', '{}', 'h')`;
  await server.sql(
    `INSERT INTO audit_record (account_id, sequence, at, event, summary, object_id, object_name, changes, hash)
     VALUES ${rows.map(row).join(", ")}`,
  );
  await server.sql("UPDATE audit_head SET sequence = ? WHERE account_id = ?", [rows.at(-1), accounts.vendor]);
  return rows.at(-1) ?? 0;
}

/** Parses CSV as in RFC 4180. */
function parseCsv(text: string): string[][] {
  return text
    .split("\r\n")
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
        quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
      ),
    );
}

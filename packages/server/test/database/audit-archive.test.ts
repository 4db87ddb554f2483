import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveAuditTrails, printAuditHeads, signAuditTrails, verifyAuditTrails } from "../../src/commands/audit.js";
import { systemContext } from "../../src/commands/with-app.js";
import { inTransaction } from "../../src/db/transaction.js";
import { verifyArchiveFile, writeArchiveFile } from "../../src/features/audit/archive/archive-files.js";
import { AuditRecordEntity } from "../../src/features/audit/audit-record.entity.js";
import { chainBegin, hashRecord } from "../../src/features/audit/hash-chain.js";
import { writeAuditRecords } from "../../src/features/audit/write-audit-record.js";
import { printed, runCommand } from "../support/command-line.js";
import { currentEngine } from "../support/database.js";
import { accounts, testPlatform } from "../support/platform.js";
import { TestServer } from "../support/test-server.js";

const account = accounts.client;
const dayMs = 86_400_000;
const oldRecords = 1_200;
const laterRecords = 600;

/** A server whose account has more records from 500 days ago than are deleted in one step, some more from 200 days ago, and of today. */
class Archived {
  readonly folder = mkdtempSync(join(tmpdir(), "hallpass-archive-"));

  private constructor(readonly server: TestServer) {}

  static async start(): Promise<Archived> {
    const archived = new Archived(await TestServer.start({ platform: null }));
    const { server } = archived;
    server.clock.advance(-500 * dayMs);
    await server.apply(testPlatform());
    await archived.addRecords(oldRecords);
    server.clock.advance(300 * dayMs);
    await archived.addRecords(laterRecords);
    server.clock.advance(200 * dayMs);
    await server.createToken();
    return archived;
  }

  private async addRecords(count: number): Promise<void> {
    const { app } = this.server;
    const context = await systemContext(app, account);
    const entry = { event: "user.updated", object: { id: account, name: "Somebody" } } as const;
    const entries = Array.from({ length: count }, (_, at) => ({ ...entry, summary: `Change ${at + 1}` }));
    await inTransaction(app.dataSource, (tx) => writeAuditRecords(tx, context, entries));
  }

  /** Moves records from before this many days. */
  archive(days: number): Promise<{ result: boolean; out: string }> {
    const before = new Date(Date.now() - days * dayMs);
    return printed(() => archiveAuditTrails(this.server.app, { account, before, to: this.folder }));
  }

  /** What `audit verify` prints about the account. */
  async verify({ heads = [], archive }: { heads?: string[]; archive?: string } = {}): Promise<string> {
    const options = { account, head: heads, ...(archive !== undefined && { archive }) };
    const { result, out } = await printed(() => verifyAuditTrails(this.server.app, options));
    const [line = ""] = out.split("\n");
    expect(result).toBe(!line.includes("MISMATCH"));
    return line.slice(account.length + 1);
  }

  verifyAll(...heads: string[]): Promise<string> {
    return this.verify({ heads, archive: this.folder });
  }

  get files(): string[] {
    return readdirSync(this.folder).sort();
  }

  read(file: string): string[] {
    return readFileSync(join(this.folder, file), "utf8").trimEnd().split("\n");
  }

  /** How many records the account's trail has, and the numbers of the first stored one and of the head. */
  async trail(): Promise<{ count: number; first: number; head: number }> {
    const [row] = await this.server.sql(
      `SELECT COUNT(*) AS count, MIN(sequence) AS first, (SELECT sequence FROM audit_head WHERE account_id = ?) AS head
        FROM audit_record WHERE account_id = ?`,
      [account, account],
    );
    return { count: Number(row.count), first: Number(row.first), head: Number(row.head) };
  }

  async end(): Promise<void> {
    await this.server.close();
    rmSync(this.folder, { recursive: true });
  }
}

describe("Audit archive", () => {
  let it: Archived;
  let last: number;
  let file: string;
  /** The export before anything was archived. */
  let exported: string[];
  let head: string;

  beforeAll(async () => {
    it = await Archived.start();
    const { sequence } = (
      await it.server.sql("SELECT MAX(sequence) AS sequence FROM audit_record WHERE summary = ?", [
        `Change ${oldRecords}`,
      ])
    )[0];
    last = Number(sequence);
    file = `${account}.1-${last}.jsonl`;
    head = (await printed(() => printAuditHeads(it.server.app, { account }))).out.trim();
    exported = (await (await (await it.server.as("admin")).fetch("/exports/audit-trail.jsonl")).text())
      .trimEnd()
      .split("\n");
  });
  afterAll(() => it?.end());

  test("Nothing younger is moved", async () => {
    expect((await it.archive(600)).out).toBe(`${account} nothing to archive\n`);
    expect(it.files).toEqual([]);
  });

  test("A run that fails midway leaves a trail that is intact, and the next one completes it", async () => {
    const before = await it.trail();
    // The second step fails.
    const condition = `OLD.account_id = '${account}' AND OLD.sequence > 600`;
    await it.server.sql(
      currentEngine === "mariadb"
        ? `CREATE TRIGGER tr_fault BEFORE DELETE ON audit_record FOR EACH ROW
            IF ${condition} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'fault'; END IF`
        : `CREATE TRIGGER tr_fault BEFORE DELETE ON audit_record WHEN ${condition}
            BEGIN SELECT RAISE(ABORT, 'fault'); END`,
    );
    await expect(it.archive(400)).rejects.toThrow("fault");
    // The record of the archiving was added.
    expect(await it.trail()).toEqual({ count: before.count - 500 + 1, first: 501, head: before.head + 1 });
    expect(await it.verify()).toBe(
      `intact, ${before.count - 499} records; 500 archived, not verified without --archive`,
    );
    expect(await it.verifyAll()).toBe(`intact, ${before.count - 499} records and 500 in the archive`);
    await it.server.sql("DROP TRIGGER tr_fault");

    expect(await it.archive(400)).toEqual({
      result: true,
      out: `${account} records 1 to ${last} moved to ${file}\n`,
    });
    expect(await it.trail()).toEqual({ count: before.count - last + 1, first: last + 1, head: before.head + 1 });
    expect(it.files).toEqual([file]);
  });

  test("The file contains the records as they were exported", () => {
    expect(it.read(file)).toEqual(exported.slice(0, last));
  });

  test("The trail, its verification and its export continue after the archive", async () => {
    const { count, head } = await it.trail();
    const admin = await it.server.as("admin");
    const { auditTrailVerification } = await admin.data(
      "{ auditTrailVerification { records archivedRecords headSignature fault { message } } }",
    );
    expect(auditTrailVerification).toEqual({
      records: count,
      archivedRecords: last,
      headSignature: "VALID",
      fault: null,
    });
    const [archiving] = await it.server.trail("admin", { events: ["audit_trail.archived"] });
    expect(archiving).toMatchObject({
      sequence: head,
      summary: `Records 1 to ${last} moved to an archive`,
      objectId: account,
      actor: null,
    });
    const { hash } = JSON.parse(exported[last - 1] ?? "");
    expect(JSON.parse(archiving?.details)).toMatchObject({
      before: { sequence: 0, hash: "0".repeat(64) },
      after: { sequence: last, hash, file },
    });
    const lines = (await (await admin.fetch("/exports/audit-trail.jsonl")).text()).trimEnd().split("\n");
    expect(lines.slice(0, count - 1)).toEqual(exported.slice(last));
  });

  test("A second run has nothing to do, and records nothing", async () => {
    const before = await it.trail();
    expect((await it.archive(400)).out).toBe(`${account} nothing to archive\n`);
    expect(await it.trail()).toEqual(before);
  });

  test("Saved heads of archived records are compared with the archive", async () => {
    const { hash } = JSON.parse(exported[9] ?? "");
    const good = [`${account} 10 ${hash}`, head];
    const { count } = await it.trail();
    const note = `${last} archived, 1 with a saved head, not verified without --archive`;
    expect(await it.verify({ heads: good })).toBe(`intact, ${count} records; ${note}`);
    expect(await it.verifyAll(...good)).toBe(`intact, ${count} records and ${last} in the archive`);
    expect(await it.verifyAll(`${account} 10 ${"f".repeat(64)}`)).toBe(
      "MISMATCH Record 10 in the archive does not match the saved head.",
    );
    // Of the newest archived record, the database knows the hash.
    expect(await it.verify({ heads: [`${account} ${last} ${"f".repeat(64)}`] })).toBe(
      `MISMATCH Record ${last} does not match the saved head. The trail up to it was rewritten.`,
    );
  });

  test.each<[string, (lines: string[]) => string[], string]>([
    ["altered", ([one = "", ...more]) => [one.replace('"at":"', '"at":"1'), ...more], "Record 1 in FILE was"],
    ["removed", (lines) => lines.toSpliced(7, 1), "Record 8 in FILE was altered, moved or removed."],
    ["added", (lines) => lines.toSpliced(7, 0, lines[6] ?? ""), "Record 8 in FILE was altered, moved or removed."],
    ["truncated", (lines) => lines.slice(0, 20), "The archive contains no file that begins with record 21."],
    ["emptied", () => [], "FILE is empty."],
    ["replaced by text", () => ["archive"], "Record 1 in FILE was altered, moved or removed."],
  ])("An archive that was %s is reported", async (_, change, message) => {
    const path = join(it.folder, file);
    const lines = it.read(file);
    const changed = change(lines);
    writeFileSync(path, changed.map((line) => `${line}\n`).join(""));
    expect(await it.verifyAll()).toContain(`MISMATCH ${message.replace("FILE", path)}`);
    writeFileSync(path, `${lines.join("\n")}\n`);
  });

  test("A missing file or folder is reported", async () => {
    renameSync(join(it.folder, file), join(it.folder, "elsewhere"));
    expect(await it.verifyAll()).toBe("MISMATCH The archive contains no file that begins with record 1.");
    expect(await it.verify({ archive: join(it.folder, "nowhere") })).toContain("MISMATCH The archive cannot be read");
    renameSync(join(it.folder, "elsewhere"), join(it.folder, file));
  });

  test("Records that were deleted without being archived are reported, as are records added in their place", async () => {
    const archived = { sequence: last, hash: JSON.parse(exported[last - 1] ?? "").hash };
    const [next] = await it.server.sql("SELECT * FROM audit_record WHERE account_id = ? AND sequence = ?", [
      account,
      last + 1,
    ]);
    const setArchived = ({ sequence, hash }: { sequence: number; hash: string }) =>
      it.server.sql("UPDATE audit_archive SET sequence = ?, hash = ? WHERE account_id = ?", [sequence, hash, account]);
    await setArchived(next);
    await it.server.sql("DELETE FROM audit_record WHERE account_id = ? AND sequence = ?", [account, last + 1]);
    expect(await it.verify()).toBe(`MISMATCH Records up to ${last + 1} were removed without being archived.`);
    await setArchived(archived);
    expect(await it.verify()).toBe(`MISMATCH Record ${last + 1} is missing.`);

    const columns = Object.keys(next);
    const insert = (sequence: number) =>
      it.server.sql(
        `INSERT INTO audit_record (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
        Object.values({ ...next, sequence }),
      );
    await insert(last + 1);
    expect(await it.verify()).toContain("intact");
    await insert(3);
    expect(await it.verify()).toBe("MISMATCH Record 3 was added.");
    await it.server.sql("DELETE FROM audit_record WHERE account_id = ? AND sequence = 3", [account]);
    await it.server.sql("DELETE FROM audit_archive WHERE account_id = ?", [account]);
    expect(await it.verify()).toBe("MISMATCH Record 1 is missing.");
    await it.server.sql("INSERT INTO audit_archive (account_id, sequence, hash) VALUES (?, ?, ?)", [
      account,
      archived.sequence,
      archived.hash,
    ]);
  });

  test("A file that an interrupted run left behind does not matter, shorter or longer", async () => {
    const lines = it.read(file);
    const leftover = (end: number) => join(it.folder, `${account}.1-${end}.jsonl`);
    writeFileSync(leftover(5), lines.slice(0, 5).join("\n"));
    // Of a run that would have archived more.
    writeFileSync(leftover(last + 3), exported.slice(0, last + 3).join("\n"));
    expect(await it.verifyAll()).toContain(`and ${last} in the archive`);
    for (const end of [5, last + 3]) rmSync(leftover(end));
  });

  test("An altered trail is not archived", async () => {
    await it.server.sql("UPDATE audit_head SET signature = NULL, key_id = NULL WHERE account_id = ?", [account]);
    expect(await it.archive(1)).toEqual({
      result: false,
      out: `${account} MISMATCH The trail head is not validly signed. Not archived.\n`,
    });
    expect(it.files).toEqual([file]);
    expect((await printed(() => signAuditTrails(it.server.app, { account }))).result).toBe(true);
  });

  test("Changes made while records are archived are recorded, and later records go to another file", async () => {
    const before = await it.trail();
    const running = runCommand(
      ["audit", "archive", "--before", "100d", "--to", it.folder, "--account", account],
      it.folder,
      it.server.database.env,
    );
    let isRunning = true;
    void running.finally(() => {
      isRunning = false;
    });
    let changes = 0;
    for (; isRunning || changes < 5; changes++) await it.server.createToken();
    const { out } = await running;
    const end = last + laterRecords;
    const next = `${account}.${last + 1}-${end}.jsonl`;
    expect(out).toBe(`${account} records ${last + 1} to ${end} moved to ${next}\n`);
    expect(it.files).toEqual([file, next]);
    const count = before.count - laterRecords + 1 + changes;
    expect(await it.trail()).toEqual({ count, first: end + 1, head: before.head + 1 + changes });
    expect(await it.verifyAll()).toBe(`intact, ${count} records and ${end} in the archive`);
  });
});

test("A run that starts while another is deleting changes nothing in its file", async () => {
  const it = await Archived.start();
  const path = join(it.folder, `${account}.1-3.jsonl`);
  const records = await it.server.app.dataSource.manager.find(AuditRecordEntity, {
    where: { accountId: account },
    order: { sequence: "ASC" },
    take: 3,
  });
  /** Another run writes the same file meanwhile, and has removed the last record before it is read here. */
  async function* slowly() {
    yield records.slice(0, 2);
    await writeArchiveFile(
      path,
      (async function* () {
        yield records;
      })(),
    );
    yield [];
  }
  await writeArchiveFile(path, slowly());
  expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(3);
  expect(await verifyArchiveFile(path, chainBegin)).toMatchObject({ sequence: 3 });
  expect(it.files).toEqual([`${account}.1-3.jsonl`]);
  await it.end();
});

test("Texts with Unicode's line separators are archived and read", async () => {
  const it = await Archived.start();
  const [first] = await it.server.app.dataSource.manager.find(AuditRecordEntity, {
    where: { accountId: account, sequence: 1 },
  });
  const record = Object.assign(new AuditRecordEntity(), first, { summary: "one\u2028two\u2029three" });
  record.hash = hashRecord(chainBegin.hash, record);
  const path = join(it.folder, "lines.jsonl");
  writeFileSync(path, `${JSON.stringify(record)}\n`);
  expect(readFileSync(path, "utf8")).toContain("\u2028");
  expect(await verifyArchiveFile(path, chainBegin)).toMatchObject({ sequence: 1 });
  await it.end();
});

test("A file of another trail is neither overwritten nor taken for the archive", async () => {
  const it = await Archived.start();
  const { sequence } = (
    await it.server.sql("SELECT MAX(sequence) AS sequence FROM audit_record WHERE summary = ?", [
      `Change ${oldRecords}`,
    ])
  )[0];
  const path = join(it.folder, `${account}.1-${sequence}.jsonl`);
  writeFileSync(path, "records of another database\n");
  const before = await it.trail();
  expect(await it.archive(400)).toEqual({
    result: false,
    out: `${account} MISMATCH Record 1 in ${path} was altered, moved or removed. Not archived.\n`,
  });
  expect(readFileSync(path, "utf8")).toBe("records of another database\n");
  expect(it.files).toHaveLength(1);
  expect(await it.trail()).toEqual(before);
  await it.end();
});

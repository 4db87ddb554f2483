import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { entities } from "../../src/app/entities.js";
import { openDataSource } from "../../src/db/data-source.js";
import { SignedHeads1764200000000 } from "../../src/db/migrations/1764200000000-signed-heads.js";
import { migrations } from "../../src/db/migrations/index.js";
import { readConfig } from "../../src/infra/config.js";
import { runCommand } from "../support/command-line.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { accounts, testPlatform } from "../support/platform.js";
import { TestServer } from "../support/test-server.js";

const account = accounts.client;
const key = randomBytes(32);
const withKey = { HALLPASS_ENCRYPTION_KEYS: `k1:${key.toString("base64")}` };

interface Head {
  sequence: number;
  hash: string;
  signature: string | null;
  key_id: string | null;
}

/** Computes the signature as documented, without the product's code. */
function signatureOf({ sequence, hash }: Pick<Head, "sequence" | "hash">, encryptionKey = key): string {
  const signingKey = Buffer.from(hkdfSync("sha256", encryptionKey, "", "hallpass audit head", 32));
  return createHmac("sha256", signingKey).update(`${account}\n${sequence}\n${hash}`).digest("hex");
}

/** A server whose trails can be rewritten, as by anyone with full access to its database. */
class Victim {
  private constructor(readonly server: TestServer) {}

  static async start(env: Record<string, string> = withKey, database?: TestDatabase): Promise<Victim> {
    const on = database ?? (await createDatabase());
    const { HALLPASS_ENCRYPTION_KEYS: _, ...rest } = on.env;
    const platform = database ? null : testPlatform();
    const victim = new Victim(await TestServer.start({ database: { ...on, env: { ...rest, ...env } }, platform }));
    // A sign-in changes the trail.
    for (const person of ["admin", "auditor", "operator"] as const) await victim.server.as(person);
    return victim;
  }

  async head(): Promise<Head> {
    return (
      await this.server.sql("SELECT sequence, hash, signature, key_id FROM audit_head WHERE account_id = ?", [account])
    )[0];
  }

  async setHead(head: Partial<Head>): Promise<void> {
    const columns = Object.keys(head).map((column) => `${column} = ?`);
    await this.server.sql(`UPDATE audit_head SET ${columns.join(", ")} WHERE account_id = ?`, [
      ...Object.values(head),
      account,
    ]);
  }

  /** Replaces the newest record by a forged one with a valid hash. */
  async rewrite(): Promise<void> {
    await dropTriggers(this.server);
    const read = "SELECT * FROM audit_record WHERE account_id = ? ORDER BY sequence DESC LIMIT 2";
    const [last, previous] = await this.server.sql(read, [account]);
    const forged = { ...last, actor_name: "Somebody Else" };
    forged.hash = chainHash(previous.hash, forged);
    await this.server.sql("DELETE FROM audit_record WHERE account_id = ? AND sequence = ?", [account, last.sequence]);
    await insertRecord(this.server, forged);
    await this.setHead({ hash: forged.hash });
  }

  /** Signs the current head validly. */
  async sign(): Promise<void> {
    await this.setHead({ signature: signatureOf(await this.head()), key_id: "k1" });
  }

  /** A change by an administrator through Hallpass. */
  async change(): Promise<void> {
    await this.server.createToken();
  }

  async verification(): Promise<{ headSignature: string; fault: { message: string } | null }> {
    const document = "{ auditTrailVerification { headSignature fault { message } } }";
    return (await (await this.server.as("auditor")).data(document)).auditTrailVerification;
  }

  async ready(): Promise<{ status: string; details: string[] }> {
    return (await this.server.nobody().fetch("/readyz")).json() as Promise<{ status: string; details: string[] }>;
  }

  errors(): string[] {
    return this.server.log.filter((line) => JSON.parse(line).level >= 50);
  }

  run(...args: string[]) {
    const { env, dataDir } = this.server.database;
    return runCommand(args, dataDir, env);
  }
}

async function dropTriggers(server: TestServer): Promise<void> {
  for (const change of ["update", "delete", "insert"])
    await server.sql(`DROP TRIGGER IF EXISTS tr_audit_record_${change}`);
}

type Row = Record<string, unknown>;

function insertRecord(server: TestServer, row: Row): Promise<unknown> {
  const columns = Object.keys(row);
  return server.sql(
    `INSERT INTO audit_record (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    Object.values(row),
  );
}

function chainHash(previous: string, row: Row): string {
  const at = row.at instanceof Date ? row.at : new Date(`${String(row.at).replace(" ", "T")}Z`);
  const names = ["event", "summary", "object_id", "object_name", "actor_id", "actor_name"];
  const more = ["ip", "user_agent", "request_id", "changes"];
  const values = [row.account_id, row.sequence, at.toISOString(), ...[...names, ...more].map((name) => row[name])];
  return createHash("sha256")
    .update(JSON.stringify([previous, ...values]))
    .digest("hex");
}

describe("Signed audit heads", () => {
  let victim: Victim;
  beforeAll(async () => {
    victim = await Victim.start();
    await victim.change();
  });
  afterAll(() => victim.server.close());
  beforeEach(() => victim.sign());

  test("A head is signed with a key derived from the first encryption key", async () => {
    await victim.change();
    const head = await victim.head();
    expect(head).toMatchObject({ signature: signatureOf(head), key_id: "k1" });
    expect(await victim.verification()).toEqual({ headSignature: "VALID", fault: null });
    expect(await victim.ready()).toMatchObject({ status: "ok", details: [] });
  });

  test.each<[string, string, Partial<Head>]>([
    ["without a signature", "UNSIGNED", { signature: null, key_id: null }],
    ["with the signature of another head", "INVALID", { key_id: "k1" }],
    ["with an empty signature", "INVALID", { signature: "" }],
    ["under a key that is not configured", "UNCHECKED", { key_id: "other" }],
  ])("A trail rewritten %s is reported, and stays unsigned after the next change", async (_, state, forged) => {
    const { sequence } = await victim.head();
    await victim.rewrite();
    await victim.setHead(forged);
    expect(await victim.verification()).toEqual({ headSignature: state, fault: null });
    const errors = victim.errors().length;
    await victim.change();
    expect(await victim.head()).toMatchObject({ sequence: sequence + 1, signature: null, key_id: null });
    await victim.change();
    expect(await victim.verification()).toEqual({ headSignature: "UNSIGNED", fault: null });
    expect(await victim.ready()).toMatchObject({
      status: "degraded",
      details: expect.arrayContaining([expect.stringContaining("head is unsigned")]),
    });
    expect(victim.errors().slice(errors).join("\n")).toContain("an audit head was left unsigned");
  });

  test("The verify command fails for a head that is unsigned or signed with an unknown key", async () => {
    const { sequence } = await victim.head();
    await victim.setHead({ key_id: "other" });
    await victim.server.sql("UPDATE audit_head SET signature = NULL, key_id = NULL WHERE account_id = ?", [
      accounts.vendor,
    ]);
    const { status, out } = await victim.run("audit", "verify");
    expect([status, out]).toEqual([1, expect.stringMatching(/^triggers present$/m)]);
    expect(out).toContain(`${account} MISMATCH The head, record ${sequence}, is signed with key 'other', which is not`);
    expect(out).toMatch(new RegExp(`^${accounts.vendor} MISMATCH The head, record \\d+, is unsigned.$`, "m"));
    await victim.sign();
    const signing = await victim.run("audit", "sign");
    expect([signing.status, signing.out]).toEqual([0, expect.stringContaining(`${account} is already signed\n`)]);
    expect(signing.out).toMatch(new RegExp(`^${accounts.vendor} signed, \\d+ records$`, "m"));
  });

  test("A process of the previous version leaves a head with an invalid signature", async () => {
    const { sequence } = await victim.head();
    const [row] = await victim.server.sql("SELECT * FROM audit_record WHERE account_id = ? AND sequence = ?", [
      account,
      sequence,
    ]);
    const next = { ...row, sequence: sequence + 1 };
    next.hash = chainHash(row.hash, next);
    await insertRecord(victim.server, next);
    await victim.setHead({ sequence: sequence + 1, hash: next.hash });
    expect(await victim.verification()).toEqual({ headSignature: "INVALID", fault: null });
  });

  test("A head that is moved back stops further changes and is reported", async () => {
    const before = await victim.head();
    await victim.change();
    const after = await victim.head();
    await victim.setHead({ ...before });
    await expect(victim.change()).rejects.toThrow("INTERNAL_SERVER_ERROR");
    expect((await victim.verification()).fault?.message).toBe(`Record ${before.sequence + 1} was added.`);
    await victim.setHead({ ...after });
  });

  describe("Manual signing", () => {
    test("A trail with a mismatch is not signed", async () => {
      await dropTriggers(victim.server);
      const summary = "SELECT summary FROM audit_record WHERE account_id = ? AND sequence = 2";
      const [{ summary: was }] = await victim.server.sql(summary, [account]);
      const alter = "UPDATE audit_record SET summary = ? WHERE account_id = ? AND sequence = 2";
      await victim.server.sql(alter, ["Nothing happened", account]);
      await victim.setHead({ signature: null, key_id: null });
      const refused = await victim.run("audit", "sign");
      expect([refused.status, refused.out]).toEqual([
        1,
        expect.stringContaining(`${account} MISMATCH Record 2 was altered, moved or added. Not signed.`),
      ]);
      expect((await victim.head()).signature).toBeNull();
      await dropTriggers(victim.server);
      await victim.server.sql(alter, [was, account]);
    });

    test.each<[string, Partial<Head>]>([
      ["unsigned", { signature: null, key_id: null }],
      ["wrongly signed", { signature: "f".repeat(64) }],
    ])("An intact trail that is %s is signed, with a record, and stays signed", async (_, forged) => {
      await victim.setHead(forged);
      const { sequence } = await victim.head();
      const { status, out } = await victim.run("audit", "sign", "--account", account);
      expect([status, out]).toEqual([0, `${account} signed, ${sequence} records\n`]);
      const head = await victim.head();
      expect(head).toMatchObject({ sequence: sequence + 1, signature: signatureOf(head) });
      const records = await victim.server.trail("auditor", { events: ["audit_trail.signed"] });
      expect(records.at(-1)).toMatchObject({ sequence: sequence + 1, actor: null, objectId: account });
      await victim.change();
      expect(await victim.verification()).toEqual({ headSignature: "VALID", fault: null });
      expect(await victim.ready()).toMatchObject({ status: "ok" });
    });

    test("Signing a trail that changes meanwhile covers every record", async () => {
      await victim.setHead({ signature: null, key_id: null });
      let signing = true;
      const command = victim.run("audit", "sign").finally(() => {
        signing = false;
      });
      while (signing) await victim.change();
      expect(await command).toMatchObject({ status: 0, out: expect.stringContaining(`${account} signed, `) });
      await victim.change();
      expect(await victim.verification()).toEqual({ headSignature: "VALID", fault: null });
    });
  });

  describe("Saved heads", () => {
    let saved: Head;
    beforeAll(async () => {
      await victim.sign();
      saved = await victim.head();
      await victim.change();
    });
    const line = ({ sequence, hash, signature, key_id: keyId }: Head) =>
      `${account} ${sequence} ${hash} ${keyId} ${signature}\n`;

    test("A saved head with another number, hash or signature is reported as altered", async () => {
      const verify = async ({ sequence, hash, signature, key_id: keyId }: Head) =>
        (
          await (
            await victim.server.as("admin")
          ).data("query ($noted: AuditHeadInput) { auditTrailVerification(noted: $noted) { fault { message } } }", {
            noted: { sequence, hash, signature, keyId },
          })
        ).auditTrailVerification.fault;
      expect(await verify(saved)).toBeNull();
      const { sequence, hash } = await victim.head();
      for (const altered of [{ sequence, hash }, { hash }, { signature: "f".repeat(64) }])
        expect(await verify({ ...saved, ...altered })).toMatchObject({
          message: expect.stringContaining("has an invalid signature: it was altered."),
        });
    });

    test("Every line of a heads file is compared, and a truncated line is skipped with a warning", async () => {
      const file = join(victim.server.database.dataDir, "heads.txt");
      const newest = await victim.head();
      // Signatures of a key that is no longer configured cannot be checked.
      writeFileSync(file, `${line({ ...saved, key_id: "retired" })}ACC-0001-00\n\n${line(newest)}`);
      const intact = await victim.run("audit", "verify", "--heads-file", file);
      expect([intact.status, intact.out]).toEqual([0, expect.stringContaining(`${account} intact, `)]);
      expect(intact.err).toContain("Warning: line 2 of");

      // As if the trail was rewritten between the two heads.
      writeFileSync(file, `${account} ${saved.sequence} ${"e".repeat(64)}\n${line(newest)}`);
      const found = await victim.run("audit", "verify", "--heads-file", file);
      expect([found.status, found.out]).toEqual([
        1,
        expect.stringContaining(`${account} MISMATCH Record ${saved.sequence} does not match the saved head`),
      ]);
      const missing = await victim.run("audit", "verify", "--heads-file", `${file}.missing`);
      expect(missing).toMatchObject({ status: 1, err: expect.stringContaining("cannot be read") });
      expect(missing.err).not.toMatch(/^\s+at /m);
    });
  });

  test("A trail emptied outside Hallpass is not signed by the next change", async () => {
    await dropTriggers(victim.server);
    await victim.server.sql("DELETE FROM audit_record WHERE account_id = ?", [account]);
    await victim.setHead({ sequence: 0, hash: "0".repeat(64), signature: null, key_id: null });
    expect(await victim.verification()).toEqual({ headSignature: "UNSIGNED", fault: null });
    await victim.change();
    expect(await victim.verification()).toEqual({ headSignature: "UNSIGNED", fault: null });
  });
});

describe("Audit heads without an encryption key", () => {
  test("Heads become unsigned without an encryption key, and the verify command reports unchecked signatures", async () => {
    const before = await Victim.start();
    await before.server.stop();
    const victim = await Victim.start({}, before.server.database);
    expect((await victim.head()).signature).toBeNull();
    expect(victim.errors().join("\n")).toContain("an audit head was left unsigned");
    expect(await victim.verification()).toEqual({ headSignature: "UNSIGNED", fault: null });
    const { status, out } = await victim.run("audit", "verify", "--account", account);
    expect([status, out]).toEqual([0, expect.stringContaining("signature not checked, as no encryption key")]);
    expect(await victim.run("audit", "sign")).toMatchObject({ status: 1, err: "No encryption key is configured.\n" });
    await victim.server.close();
  });
});

describe("Audit heads after an upgrade", () => {
  let database: TestDatabase;
  beforeEach(async () => {
    const victim = await Victim.start();
    await victim.change();
    database = victim.server.database;
    await victim.server.stop();
    const undone = migrations.slice(migrations.indexOf(SignedHeads1764200000000));
    await withDataSource(database, async (dataSource) => {
      for (const _ of undone) await dataSource.undoLastMigration();
    });
  });
  afterEach(() => database.remove());

  test("Existing heads are signed once, with a record in the trails of the OPERATIONS accounts", async () => {
    const upgraded = await Victim.start(withKey, database);
    const head = await upgraded.head();
    expect(head).toMatchObject({ signature: signatureOf(head), key_id: "k1" });
    const records = await upgraded.server.trail("operator", { events: ["audit_trail.signed"] });
    expect(records.map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/^\d+ audit heads signed for the first time, unchecked$/),
    ]);
    await upgraded.setHead({ signature: null, key_id: null });
    await upgraded.server.stop();

    const again = await Victim.start(withKey, database);
    expect(await again.verification()).toMatchObject({ headSignature: "UNSIGNED" });
    await again.server.stop();
  });

  test("Existing heads stay unsigned without an encryption key, and the log shows what to do", async () => {
    const upgraded = await Victim.start({}, database);
    expect((await upgraded.head()).signature).toBeNull();
    expect(upgraded.server.log.join("\n")).toContain("run 'audit sign' with the keys");
    await upgraded.server.stop();
  });

  test("The migrate command signs existing heads", async () => {
    expect(await runCommand(["migrate"], database.dataDir, database.env)).toMatchObject({ status: 0 });
    const upgraded = await Victim.start(withKey, database);
    expect(await upgraded.verification()).toEqual({ headSignature: "VALID", fault: null });
    await upgraded.server.stop();
  });
});

async function withDataSource(
  { env }: TestDatabase,
  work: (dataSource: Awaited<ReturnType<typeof openDataSource>>) => Promise<unknown>,
): Promise<void> {
  const dataSource = await openDataSource(readConfig(env), entities);
  try {
    await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

import { createHash } from "node:crypto";
import { printAuditHeads, verifyAuditTrails } from "../src/commands/audit.js";
import { printed } from "./support/command-line.js";
import { currentEngine } from "./support/database.js";
import { accounts, modules, password, people, testPlatform } from "./support/platform.js";
import { useServer } from "./support/test-server.js";

/** A row as stored in the database. */
type Row = Record<string, unknown> & { sequence: number; hash: string };
type Head = { sequence: number; hash: string; signature: string; key_id: string };

const account = accounts.client;
const of = "WHERE account_id = ? AND sequence = ?";

/** Computes the hash as documented, without the product's code. */
function hashOf(previous: string, row: Row): string {
  const at = row.at instanceof Date ? row.at : new Date(`${String(row.at).replace(" ", "T")}Z`);
  const names = ["event", "summary", "object_id", "object_name", "actor_id", "actor_name"];
  const more = ["ip", "user_agent", "request_id", "changes"];
  const values = [row.account_id, row.sequence, at.toISOString(), ...[...names, ...more].map((name) => row[name])];
  return createHash("sha256")
    .update(JSON.stringify([previous, ...values]))
    .digest("hex");
}

describe("Audit hash chain", () => {
  const server = useServer();
  let rows: Row[];
  /** The head before the last records, and the current one. */
  let oldHead: Head;
  let head: Head;
  let verifications = 0;
  const sql = (statement: string, ...parameters: unknown[]) => server().sql(statement, parameters);
  const read = (): Promise<Row[]> => sql("SELECT * FROM audit_record WHERE account_id = ? ORDER BY sequence", account);
  const last = () => rows.at(-1) as Row;

  const verify = async (noted: { sequence: number; hash: string } | null = null) => {
    // Verifications are limited per person.
    const { auditTrailVerification } = await (await server().as(verifications++ % 2 ? "auditor" : "admin")).data(
      `query ($noted: AuditHeadInput) { auditTrailVerification(noted: $noted) {
        records head { sequence hash } headSignature fault { sequence message } } }`,
      { noted },
    );
    return auditTrailVerification;
  };
  const readHead = async (): Promise<Head> =>
    (await sql("SELECT sequence, hash, signature, key_id FROM audit_head WHERE account_id = ?", account))[0];
  const insert = (row: Row) =>
    sql(
      `INSERT INTO audit_record (${Object.keys(row).join(", ")}) VALUES (${Object.keys(row).map(() => "?")})`,
      ...Object.values(row),
    );
  const setHead = ({ sequence, hash }: { sequence: number; hash: string }) =>
    sql("UPDATE audit_head SET sequence = ?, hash = ? WHERE account_id = ?", sequence, hash, account);
  const setSignedHead = async ({ signature, key_id: keyId, ...more }: Head) => {
    await setHead(more);
    await sql("UPDATE audit_head SET signature = ?, key_id = ? WHERE account_id = ?", signature, keyId, account);
  };
  const dropTriggers = async () => {
    for (const change of ["update", "delete", "insert"]) await sql(`DROP TRIGGER IF EXISTS tr_audit_record_${change}`);
  };
  /** The changed chain from this record on, with valid hashes. */
  const rehashed = (from: number, change: (row: Row) => Row): Row[] => {
    let previous = rows[from - 2]?.hash ?? "0".repeat(64);
    return rows.slice(from - 1).map((row) => {
      const changed = change({ ...row });
      changed.hash = hashOf(previous, changed);
      previous = changed.hash;
      return changed;
    });
  };

  beforeAll(async () => {
    await server().as("auditor");
    for (let index = 1; index <= 3; index++) {
      oldHead = await readHead();
      await server().createTokenThatIs("DISABLED", { name: `Robot ${index}` });
    }
    head = await readHead();
    rows = await read();
    expect(rows.length).toBeGreaterThan(7);
  });

  test("The chain can be recomputed from the records alone", async () => {
    let previous = "0".repeat(64);
    for (const row of rows) {
      expect(row.hash).toBe(hashOf(previous, row));
      previous = row.hash;
    }
    const { sequence, hash } = last();
    expect(await verify()).toEqual({
      records: rows.length,
      head: { sequence, hash },
      headSignature: "VALID",
      fault: null,
    });
  });

  const columns = "account_id, sequence, at, event, summary, object_id, object_name, changes, hash";
  const forged = (sequence: number) =>
    `'${account}', ${sequence}, '2026-01-01 00:00:00.000', 'e', 'forged', 'o', 'n', '{}', 'h'`;
  const onlyOn = {
    mariadb: [
      `REPLACE INTO audit_record (${columns}) VALUES (${forged(3)})`,
      `INSERT INTO audit_record (${columns}) VALUES (${forged(3)}) ON DUPLICATE KEY UPDATE summary = 'forged'`,
      "UPDATE IGNORE audit_record SET sequence = 4 WHERE sequence = 3",
    ],
    sqlite: [
      `INSERT OR REPLACE INTO audit_record (${columns}) VALUES (${forged(3)})`,
      `REPLACE INTO audit_record (${columns}) VALUES (${forged(3)})`,
      `INSERT OR REPLACE INTO audit_record (rowid, ${columns}) VALUES (3, ${forged(999)})`,
      `INSERT INTO audit_record (${columns}) VALUES (${forged(3)})
        ON CONFLICT (account_id, sequence) DO UPDATE SET summary = 'forged'`,
      "UPDATE OR REPLACE audit_record SET sequence = 4 WHERE sequence = 3",
    ],
  };

  test.each([
    "UPDATE audit_record SET summary = 'x'",
    "UPDATE audit_record SET sequence = sequence + 1000",
    "DELETE FROM audit_record",
    ...onlyOn[currentEngine],
  ])("The database rejects the statement %s", async (statement) => {
    await expect(sql(statement)).rejects.toThrow("audit records are never changed");
    expect(await read()).toEqual(rows);
  });

  describe("Verification after tampering", () => {
    const restore = async () => {
      // Commands recreate the triggers.
      await dropTriggers();
      await sql("DELETE FROM audit_record WHERE account_id = ?", account);
      for (const row of rows) await insert(row);
      await setSignedHead(head);
    };
    beforeAll(dropTriggers);
    afterEach(restore);

    const otherValues = {
      at: "2020-01-01 00:00:00.000",
      event: "user.signed_out",
      summary: "Nothing happened",
      object_id: "TKN-0000-0000",
      object_name: "Other",
      actor_id: "USR-0000-0000",
      actor_name: "Somebody Else",
      ip: "203.0.113.9",
      user_agent: "another",
      request_id: "another",
      changes: "{}",
      hash: "f".repeat(64),
    };

    test.each(Object.entries(otherValues))(
      "Verification reports the first record whose %s was altered",
      async (column, value) => {
        await sql(`UPDATE audit_record SET ${column} = ? ${of}`, value, account, 5);
        await sql(`UPDATE audit_record SET ${column} = ? ${of}`, value, account, 3);
        expect((await verify()).fault).toEqual({ sequence: 3, message: "Record 3 was altered, moved or added." });
      },
    );

    test("Verification reports a time in any form that the database stores as altered", async () => {
      const stored = { sqlite: ["2020-01-01T00:00:00.000Z", "yesterday"], mariadb: ["1000-01-01 00:00:00.000"] };
      for (const at of stored[currentEngine]) {
        await sql(`UPDATE audit_record SET at = ? ${of}`, at, account, 3);
        expect((await verify()).fault).toEqual({ sequence: 3, message: "Record 3 was altered, moved or added." });
      }
    });

    test("Verification reports text that was replaced with bytes as altered, and the list still shows it", async () => {
      await sql(`UPDATE audit_record SET changes = ? ${of}`, Buffer.from("replaced"), account, 3);
      expect((await verify()).fault).toEqual({ sequence: 3, message: "Record 3 was altered, moved or added." });
      const caller = await server().as("admin");
      const query = "{ auditTrail(first: 100) { nodes { sequence } } }";
      const { auditTrail } = await caller.data(query);
      expect(auditTrail.nodes).toContainEqual({ sequence: 3 });
    });

    test("The tampering tests cover every column", () => {
      const known = ["account_id", "sequence", ...Object.keys(otherValues)];
      expect(Object.keys(last()).sort()).toEqual(known.sort());
    });

    test("Verification reports a missing record", async () => {
      await sql(`DELETE FROM audit_record ${of}`, account, 4);
      expect((await verify()).fault).toEqual({ sequence: 4, message: "Record 4 is missing." });
    });

    test("Verification reports the first of two swapped records", async () => {
      for (const [from, to] of [
        [3, 9999],
        [4, 3],
        [9999, 4],
      ])
        await sql(`UPDATE audit_record SET sequence = ? ${of}`, to, account, from);
      expect((await verify()).fault).toMatchObject({ sequence: 3 });
    });

    test("Verification reports a record moved to another account", async () => {
      await sql(`UPDATE audit_record SET account_id = ? ${of}`, accounts.vendor, account, last().sequence);
      expect((await verify()).fault).toMatchObject({ sequence: last().sequence });
      await sql(`DELETE FROM audit_record ${of}`, accounts.vendor, last().sequence);
    });

    test("Verification reports an added record, with a valid hash at the end or an invalid one in the middle", async () => {
      const added = { ...last(), sequence: last().sequence + 1 };
      await insert({ ...added, hash: hashOf(last().hash, added) });
      expect((await verify()).fault).toMatchObject({ sequence: added.sequence });
      await restore();

      await sql("UPDATE audit_record SET sequence = sequence + 1000 WHERE account_id = ? AND sequence >= 4", account);
      await sql("UPDATE audit_record SET sequence = sequence - 999 WHERE account_id = ? AND sequence >= 1004", account);
      await insert({ ...(rows[3] as Row), event: "api_token.created" });
      expect((await verify()).fault).toMatchObject({ sequence: 4 });
    });

    test.each([0, -7])("Verification reports an added record numbered %d", async (sequence) => {
      await insert({ ...last(), sequence });
      expect((await verify()).fault).toEqual({ sequence, message: `Record ${sequence} was added.` });
    });

    test("Verification reports where the trail was truncated", async () => {
      const kept = last().sequence - 2;
      await sql("DELETE FROM audit_record WHERE account_id = ? AND sequence > ?", account, kept);
      expect((await verify()).fault).toMatchObject({ sequence: kept + 1 });
    });

    test("Verification against a saved head reports a truncation even if the trail head was moved back", async () => {
      const kept = rows.at(-3) as Row;
      await sql("DELETE FROM audit_record WHERE account_id = ? AND sequence > ?", account, kept.sequence);
      await setHead(kept);
      const { sequence, hash } = last();
      expect((await verify({ sequence, hash })).fault).toEqual({
        sequence: kept.sequence + 1,
        message: `Record ${kept.sequence + 1} and all later records are missing. The saved head is at record ${sequence}.`,
      });
      expect((await verify({ sequence: kept.sequence, hash: kept.hash })).fault).toBeNull();
    });

    test("Verification against a saved head reports a trail rewritten with valid hashes", async () => {
      const forged = rehashed(3, (row) => ({ ...row, actor_name: "Somebody Else" }));
      await sql("DELETE FROM audit_record WHERE account_id = ? AND sequence >= 3", account);
      for (const row of forged) await insert(row);
      await setHead(forged.at(-1) as Row);
      expect((await verify()).fault).toBeNull();
      const { sequence, hash } = rows[5] as Row;
      expect((await verify({ sequence, hash })).fault).toMatchObject({
        sequence,
        message: expect.stringContaining("rewritten"),
      });
    });

    test("Verification reports a trail head that is missing or altered", async () => {
      await setHead({ ...last(), hash: "e".repeat(64) });
      expect((await verify()).fault).toMatchObject({ sequence: last().sequence });
      await sql("DELETE FROM audit_head WHERE account_id = ?", account);
      expect((await verify()).fault).toEqual({ sequence: 1, message: "The trail head is missing." });
      await sql("INSERT INTO audit_head (account_id, sequence, hash) VALUES (?, 0, '')", account);
    });

    test("The verify command compares trails with saved heads", async () => {
      const noted = (await printed(() => printAuditHeads(server().app, {}))).out;
      const verify = (options: Parameters<typeof verifyAuditTrails>[1] = {}) =>
        printed(() => verifyAuditTrails(server().app, options));
      const { sequence: number, hash: newest, signature, key_id: keyId } = head;
      expect(noted).toContain(`${account} ${number} ${newest} ${keyId} ${signature}\n`);
      const intact = await verify({ head: [noted] });
      expect([intact.result, intact.out]).toEqual([true, expect.stringContaining(`${account} intact, `)]);

      await dropTriggers();
      await sql("DELETE FROM audit_record WHERE account_id = ? AND sequence > ?", account, oldHead.sequence);
      await setHead(oldHead);
      const unsigned = await verify({ account });
      expect([unsigned.result, unsigned.out]).toEqual([
        false,
        expect.stringContaining(
          `${account} MISMATCH The signature of the head, record ${oldHead.sequence}, is invalid.`,
        ),
      ]);
      await setSignedHead(oldHead);
      const unnoted = await verify();
      expect([unnoted.result, unnoted.out]).toEqual([true, expect.stringContaining(`${account} intact, `)]);
      const found = await verify({ account, head: [noted] });
      const first = oldHead.sequence + 1;
      expect([found.result, found.out]).toEqual([
        false,
        expect.stringContaining(
          `${account} MISMATCH Record ${first} and all later records are missing. The saved head is at record ${number}.\n`,
        ),
      ]);
      // Every saved head of an account is compared, not only the last.
      const { sequence, hash } = rows[1] as Row;
      const both = `${noted}${account} ${sequence} ${hash}`;
      expect(await verify({ account, head: [both] })).toEqual(found);
      const gone = await verify({ head: [`ACC-7777-7777 3 ${"a".repeat(64)}`] });
      expect(gone).toMatchObject({
        result: false,
        out: expect.stringContaining("ACC-7777-7777 MISMATCH The account is"),
      });
    });
  });
});

describe("Lone surrogates in audit records", () => {
  const server = useServer();

  test("A record with a lone surrogate is hashed as stored", async () => {
    const platform = testPlatform();
    const named = platform.accounts.map((each) => ({ ...each, name: `${each.name} \ud800x` }));
    await server().apply({ ...platform, accounts: named });
    const { auditTrailVerification } = await (await server().signIn("operator")).data(
      "{ auditTrailVerification { fault { message } } }",
    );
    expect(auditTrailVerification.fault).toBeNull();
  });
});

describe("Unwritable audit trail", () => {
  const server = useServer();
  const refuse =
    currentEngine === "mariadb"
      ? "CREATE TRIGGER full BEFORE INSERT ON audit_record FOR EACH ROW SIGNAL SQLSTATE '45000'"
      : "CREATE TRIGGER full BEFORE INSERT ON audit_record BEGIN SELECT RAISE(ABORT, 'full'); END";
  const tables = [
    ...["api_token", "api_token_module", "api_token_secret", "api_token_event", "api_token_icon", "idempotency_key"],
    ...["session", "membership", "audit_head", "audit_record"],
  ];
  const everything = () => Promise.all(tables.map((table) => server().sql(`SELECT * FROM ${table}`)));
  let token: { id: string; value: string };

  beforeAll(async () => {
    token = await server().createToken({ moduleIds: [modules.accessManagement] });
    await server().sql(refuse);
  });

  test.each([
    ["createApiToken", { name: "Robot", moduleIds: [modules.catalogue], idempotencyKey: "never" }],
    ["updateApiToken", { name: "Renamed", moduleIds: [modules.orders] }],
    ["disableApiToken", {}],
    ["deleteApiToken", {}],
    ["rotateApiToken", {}],
    ["revealApiToken", { purpose: "SHOW" }],
  ])(
    "The mutation %s changes nothing and reveals no value while the audit trail cannot be written",
    async (name, more) => {
      const before = await everything();
      const input = name === "createApiToken" ? more : { id: token.id, ...more };
      const mutation = (await server().as("admin")).mutate(name, input);
      await expect(mutation).rejects.toThrow(/INTERNAL_SERVER_ERROR/);
      await expect(mutation).rejects.not.toThrow(/hp_[0-9]/);
      expect(await everything()).toEqual(before);
    },
  );

  test("Sign-ins, sign-outs and exports fail while the audit trail cannot be written", async () => {
    const admin = await server().as("admin");
    const before = await everything();
    await expect(server().signIn("auditor")).rejects.toThrow(/INTERNAL_SERVER_ERROR/);
    expect((await admin.ask("mutation { signOut { userErrors { code } } }")).errors).toHaveLength(1);
    await expect(admin.copy().mutate("signIn", { email: people.auditor.email, password })).rejects.toThrow(
      /INTERNAL_SERVER_ERROR/,
    );
    const answer = await admin.fetch("/exports/audit-trail.jsonl");
    expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining("api_token.created")]);
    expect(await everything()).toEqual(before);
  });

  test("Checks are still answered while the audit trail cannot be written", async () => {
    expect((await server().program(token.value).fetch("/authorize")).status).toBe(200);
  });
});

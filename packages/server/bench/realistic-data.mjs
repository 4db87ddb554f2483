// Test data: an account with many tokens, the newest with everything a token can have, its users and a long audit
// trail.
import { seed } from "../dist/commands/seed.js";
import { systemContext } from "../dist/commands/with-app.js";
import { inTransaction } from "../dist/db/transaction.js";
import { writeAuditRecord } from "../dist/features/audit/write-audit-record.js";

/** Enough to fill a page of 100 in the default order. */
const richTokens = 120;
const recordsEach = 100;
const people = Array.from({ length: 50 }, (_, index) => `USR-9000-${String(index).padStart(4, "0")}`);
const usageDays = Array.from({ length: 90 }, (_, day) =>
  new Date(Date.now() - day * 86_400_000).toISOString().slice(0, 10),
);
const eventKinds = ["UPDATED", "ENABLED", "DISABLED", "REVEALED", "ROTATED"];

/**
 * @param {import("../dist/context/app-context.js").AppContext} app On the embedded database, without any account.
 * @param {number} tokens
 * @returns IDs to use in requests, and the email address of the user with the password `hallpass-seed`.
 */
export async function addRealisticData(app, tokens) {
  await seed(app, { accounts: 1, tokens });
  const run = (sql) => app.dataSource.query(sql);
  const ids = async (sql) => (await run(sql)).map(({ id }) => id);
  const [account] = await ids("SELECT id FROM account");
  const [{ id: user, email }] = await run("SELECT id, email FROM user");
  const newest = await ids(
    `SELECT id FROM api_token WHERE status = 'ACTIVE' ORDER BY created_at DESC LIMIT ${richTokens}`,
  );
  for (const token of newest) {
    await run(
      insert(
        "token_usage",
        usageDays.map((day) => [token, day, 12_345, 12]),
      ),
    );
    await run(
      insert(
        "api_token_event",
        eventKinds.map((kind) => [token, kind, "2026-01-01 00:00:00.000", user, "Seeded"]),
      ),
    );
  }
  await run(
    insert(
      "user",
      people.map((id) => [id, `Person ${id}`, `${id.toLowerCase()}@client.example`, "x"]),
    ),
  );
  await run(
    `INSERT INTO membership (user_id, account_id, role) SELECT id, '${account}', 'AUDITOR' FROM user WHERE id <> '${user}'`,
  );
  await addTrail(app, account, newest);
  return {
    email,
    ids: {
      account: [account],
      module: await ids("SELECT module_id AS id FROM account_module"),
      record: [1, 5_000, 12_000].map((sequence) => `AUD${account.slice(3)}-${sequence}`),
      token: [...newest.slice(0, 10), "TKN-0000-0000"],
      user: [user, ...people.slice(0, 5)],
    },
  };
}

const columns = {
  token_usage: "token_id, day, allowed, denied",
  api_token_event: "token_id, kind, at, by_id, by_name",
  user: "id, name, email, password_hash",
};

function insert(table, rows) {
  const values = rows.map((row) => `(${row.map((value) => `'${value}'`).join(", ")})`);
  return `INSERT INTO ${table} (${columns[table]}) VALUES ${values.join(", ")}`;
}

async function addTrail(app, account, tokens) {
  const call = await systemContext(app, account);
  const before = {
    name: "Robot",
    description: "What it was for",
    expiresAt: null,
    moduleIds: ["MOD-2001", "MOD-2002"],
  };
  for (let round = 0; round < recordsEach; round++)
    await inTransaction(app.dataSource, async (tx) => {
      for (const id of tokens)
        await writeAuditRecord(tx, call, {
          event: "api_token.updated",
          summary: "Robot was edited",
          object: { id, name: "Robot" },
          before,
          after: { ...before, name: `Robot ${round}` },
        });
    });
}

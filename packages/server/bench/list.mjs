// Measures the token list over HTTP against hand-written SQL, on the embedded database and on MariaDB.
//   node bench/list.mjs [--tokens 100000] [--runs 15] [--explain]
// --explain also prints the plans of the statements Hallpass sends.

import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { createAppContext } from "../dist/app/create-app-context.js";
import { createServer } from "../dist/app/server.js";
import { seed, seedPassword } from "../dist/commands/seed.js";
import { readConfig } from "../dist/infra/config.js";
import { createLogger } from "../dist/infra/logger.js";
import { casesFor, readByHand } from "./cases.mjs";
import { embeddedDatabase, throwawayMariaDb } from "./databases.mjs";

const { values: options } = parseArgs({
  options: {
    tokens: { type: "string", default: "100000" },
    runs: { type: "string", default: "15" },
    explain: { type: "boolean", default: false },
  },
});
const tokens = Number(options.tokens);
const runs = Number(options.runs);
const warmUps = 3;
/** Median above which a page fails the run, in ms. */
const limitMs = 1_000;

// The web app's list query.
const list = `query List($first: Int, $after: String, $last: Int, $offset: Int, $filter: ApiTokenFilter,
    $orderBy: [ApiTokenOrder!], $withCount: Boolean!) {
  apiTokens(first: $first, after: $after, last: $last, offset: $offset, filter: $filter, orderBy: $orderBy) {
    totalCount @include(if: $withCount)
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes {
      id name description iconUrl status moduleCount modules { id name } createdBy { id name }
      createdAt lastAccessAt expiresAt availableActions version
    }
  }
}`;
const signIn = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { userErrors { message } }
}`;

let slow = 0;
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
console.log(
  `${tokens} tokens in one account, ${runs} runs each, ${cpus().length} × ${cpus()[0]?.model}, ${process.version}`,
);
await bench(await embeddedDatabase());
const mariaDb = await throwawayMariaDb();
if (mariaDb) await bench(mariaDb);
else console.log("\nMariaDB was not measured: there is no mariadbd on this machine.");
if (slow > 0) {
  console.error(`\n${slow} pages took longer than ${limitMs} ms.`);
  process.exitCode = 1;
}

/** @param {import("./databases.mjs").Database} database */
async function bench(database) {
  console.log(`\n## ${database.name}\n`);
  try {
    const app = await createAppContext(readConfig({ ...database.env, PORT: "0" }), createLogger("warn"));
    const began = performance.now();
    await seed(app, { accounts: 1, tokens });
    console.log(`seeded in ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
    // Only users in an OPERATIONS account can list deleted tokens. Nothing else differs for them.
    await app.dataSource.query("UPDATE account SET type = 'OPERATIONS'");
    const server = await createServer(app);
    const hand = await database.openByHand();
    const url = await server.listen({ host: "127.0.0.1", port: 0 });
    try {
      const ask = await signedIn(`${url}/graphql`, hand);
      const statements = watchStatements(app.dataSource);
      const readers = await readersOf(ask, hand);
      await measureAll(readers, statements);
      if (options.explain) await explainAll(readers, hand, statements);
    } finally {
      await server.close();
      await hand.close();
      await app.close();
    }
  } finally {
    await database.remove();
  }
}

async function measureAll(readers, statements) {
  console.log("| page | median | p95 | by hand, median | p95 | ratio | statements |");
  console.log("|---|--:|--:|--:|--:|--:|--:|");
  for (const { asked, viaGraphql, byHand } of readers) {
    const { nodes, totalCount } = await viaGraphql();
    const expected = await byHand();
    const ids = nodes.map(({ id }) => id);
    if (ids.join() !== expected.ids.join() || (asked.withCount && totalCount !== Number(expected.total)))
      throw new Error(
        `${asked.name}: ${ids} (${totalCount}) is not what the SQL finds: ${expected.ids} (${expected.total})`,
      );

    statements.length = 0;
    await viaGraphql();
    const sent = statements.length;
    const [ours, theirs] = await timesOf(viaGraphql, byHand);
    if (ours.median > limitMs) slow++;
    const cells = [ours.median, ours.p95, theirs.median, theirs.p95, ours.median / theirs.median];
    console.log(`| ${asked.name} | ${cells.map((each) => each.toFixed(1)).join(" | ")} | ${sent} |`);
  }
}

async function explainAll(readers, hand, statements) {
  for (const { asked, viaGraphql } of readers) {
    statements.length = 0;
    await viaGraphql();
    console.log(`\n### ${asked.name}\n`);
    for (const { sql, parameters } of statements) {
      console.log(`- ${sql}`);
      for (const step of await hand.explain(sql, parameters)) console.log(`  - ${step}`);
    }
  }
}

/** Each case with both ways of reading it. */
async function readersOf(ask, hand) {
  const [{ id: accountId } = {}] = await hand.query("SELECT id FROM account");
  return Promise.all(
    casesFor(tokens).map(async (asked) => {
      const { first, last, offset, orderBy, filter, withCount = false } = asked;
      const size = { first: last ? undefined : (first ?? 10), last };
      const place = asked.afterOffset ? await rowBefore(ask, hand, accountId, offset) : { variables: { offset } };
      const variables = { ...size, ...place.variables, orderBy, filter, withCount };
      return {
        asked,
        viaGraphql: async () => (await ask(list, variables)).apiTokens,
        byHand: () => readByHand(hand, asked, { accountId, after: place.after }),
      };
    }),
  );
}

/** The row before an offset, as a cursor and as SQL values. */
async function rowBefore(ask, hand, accountId, offset) {
  const { apiTokens } = await ask(list, { first: 1, offset: offset - 1, withCount: false });
  const [after] = await hand.query(
    `SELECT created_at, id FROM api_token WHERE account_id = ? AND deleted = 0
     ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET ${offset - 1}`,
    [accountId],
  );
  return { variables: { after: apiTokens.pageInfo.endCursor }, after };
}

/** Signs in as the seeded administrator. Returns a function that sends GraphQL requests as them. */
async function signedIn(url, hand) {
  const [{ email } = {}] = await hand.query("SELECT email FROM user");
  const input = { email, password: seedPassword };
  const post = async (query, variables, cookie = "") => {
    const headers = { "content-type": "application/json", cookie };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return { data, cookies: response.headers.getSetCookie() };
  };
  const { data, cookies } = await post(signIn, { input });
  if (data.signIn.userErrors.length > 0) throw new Error(JSON.stringify(data.signIn.userErrors));
  const cookie = cookies.map((each) => each.split(";", 1)[0]).join("; ");
  return async (query, variables) => (await post(query, variables, cookie)).data;
}

/** Collects every statement Hallpass sends from now on. */
function watchStatements(dataSource) {
  const statements = [];
  dataSource.logger = {
    logQuery: (sql, parameters) => void statements.push({ sql, parameters }),
    logQueryError() {},
    logQuerySlow() {},
    logSchemaBuild() {},
    logMigration() {},
    log() {},
  };
  return statements;
}

/**
 * Median and 95th percentile of each function's runs, in ms. Runs alternate, so that other load on the machine affects
 * all of them.
 */
async function timesOf(...works) {
  const times = works.map(() => []);
  for (let run = -warmUps; run < runs; run++)
    for (const [index, work] of works.entries()) {
      const began = performance.now();
      await work();
      if (run >= 0) times[index].push(performance.now() - began);
    }
  return times.map((each) => {
    each.sort((a, b) => a - b);
    const at = (share) => each[Math.min(each.length - 1, Math.floor(each.length * share))] ?? Number.NaN;
    return { median: at(0.5), p95: at(0.95) };
  });
}

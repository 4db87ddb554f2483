// Measures how long the pages that the web app asks for take in an account with 1,000 tokens and in one with many, on
// both databases.
//   node bench/growth.mjs [--tokens 200000] [--runs 9] [--only text] [--keep folder]
// --only measures the pages whose name contains the text. --keep uses the embedded databases in this folder, and creates
// them there the first time, as a million tokens take minutes to add.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { createAppContext } from "../dist/app/create-app-context.js";
import { createServer } from "../dist/app/server.js";
import { seed, seedPassword } from "../dist/commands/seed.js";
import { readConfig } from "../dist/infra/config.js";
import { createLogger } from "../dist/infra/logger.js";
import { embeddedDatabase, throwawayMariaDb } from "./databases.mjs";

const { values: options } = parseArgs({
  options: {
    tokens: { type: "string", default: "200000" },
    runs: { type: "string", default: "9" },
    only: { type: "string", default: "" },
    keep: { type: "string" },
  },
});
const many = Number(options.tokens);
const runs = Number(options.runs);
const warmUps = 2;
/** A slower page is measured once. */
const slowMs = 1_000;

// The web app's list query.
const list = `query List($first: Int, $offset: Int, $filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!]) {
  apiTokens(first: $first, offset: $offset, filter: $filter, orderBy: $orderBy) {
    countUpTo(limit: 10001)
    nodes {
      id name description iconUrl status moduleCount modules { id name } createdBy { id name }
      createdAt lastAccessAt expiresAt availableActions version
    }
  }
}`;

const fields = ["NAME", "ID", "STATUS", "CREATED_BY", "CREATED_AT", "LAST_ACCESS_AT", "EXPIRES_AT", "MODULE_COUNT"];
const by = (...levels) => ({
  orderBy: levels.map((level) => ({
    field: level.replace("-", ""),
    direction: level.startsWith("-") ? "DESC" : "ASC",
  })),
});
const daysAgo = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
/** Groups conditions as the web app does. */
const filter = ({ search, or, ...conditions }) => {
  const all = Object.entries(conditions).map(([name, value]) => ({ [name]: value }));
  return { filter: { ...(search && { search }), ...(or && { or }), ...(all.length > 0 && { and: all }) } };
};

/** By name, the variables of each page. `known` is one of the account's tokens. */
const pages = (known) => ({
  "first page": {},
  "page 21": { offset: 200 },
  ...Object.fromEntries(fields.flatMap((field) => [field, `-${field}`]).map((field) => [`by ${field}`, by(field)])),
  "by STATUS, NAME": by("STATUS", "NAME"),
  "by -STATUS, -CREATED_AT": by("-STATUS", "-CREATED_AT"),
  "by CREATED_BY, NAME": by("CREATED_BY", "NAME"),
  "by EXPIRES_AT, NAME": by("EXPIRES_AT", "NAME"),
  "by NAME, CREATED_AT": by("NAME", "CREATED_AT"),
  "by STATUS, -LAST_ACCESS_AT": by("STATUS", "-LAST_ACCESS_AT"),
  "by -STATUS, -LAST_ACCESS_AT": by("-STATUS", "-LAST_ACCESS_AT"),
  "by LAST_ACCESS_AT, NAME": by("LAST_ACCESS_AT", "NAME"),
  "by -LAST_ACCESS_AT, NAME": by("-LAST_ACCESS_AT", "NAME"),
  "by -MODULE_COUNT, LAST_ACCESS_AT": by("-MODULE_COUNT", "LAST_ACCESS_AT"),
  "search for an ID": filter({ search: known.id }),
  "search for part of an ID": filter({ search: known.id.slice(4, 11) }),
  "search for a name": filter({ search: known.name }),
  "search for what one in eight has": filter({ search: "billing" }),
  "search for what one in a thousand has": filter({ search: "robot 500" }),
  "search for what none has": filter({ search: "no such robot" }),
  "search for two letters": filter({ search: "ro" }),
  "search for a creator": filter({ search: "seeded" }),
  "search, disabled": filter({ search: "robot 50", status: ["DISABLED"] }),
  "name contains": filter({ name: { contains: "robot 1234" } }),
  "name starts with": filter({ name: { startsWith: "billing robot 12" } }),
  "name is": filter({ name: { equals: known.name } }),
  disabled: filter({ status: ["DISABLED"] }),
  "active, by NAME": { ...filter({ status: ["ACTIVE"] }), ...by("NAME") },
  "a module of one in six": filter({ moduleIds: ["MOD-2003"] }),
  "a module of none": filter({ moduleIds: ["MOD-9999"] }),
  "disabled, with a module": filter({ status: ["DISABLED"], moduleIds: ["MOD-2003"] }),
  "created by someone": filter({ createdByIds: [known.createdBy.id] }),
  "created in the last week": filter({ createdAt: { from: daysAgo(7) } }),
  "never used": filter({ neverUsed: true }),
  "idle for 90 days": filter({ lastAccessAt: { to: daysAgo(90) } }),
  "used in the last day": filter({ lastAccessAt: { from: daysAgo(1) } }),
  "no expiry": filter({ noExpiry: true }),
  "expires within 30 days": filter({ expiresAt: { from: daysAgo(0), to: daysAgo(-30) } }),
  "disabled for 90 days": filter({ status: ["DISABLED"], disabledAt: { to: daysAgo(90) } }),
  "view: never used": { ...filter({ neverUsed: true }), ...by("CREATED_AT") },
  "view: idle for 90 days": { ...filter({ lastAccessAt: { to: daysAgo(90) } }), ...by("LAST_ACCESS_AT") },
  "view: no expiry": { ...filter({ noExpiry: true }), ...by("CREATED_AT") },
  "view: expiring within 30 days": {
    ...filter({ expiresAt: { from: daysAgo(0), to: daysAgo(-30) } }),
    ...by("EXPIRES_AT"),
  },
  "view: disabled for 90 days": {
    ...filter({ status: ["DISABLED"], disabledAt: { to: daysAgo(90) } }),
    ...by("CREATED_AT"),
  },
  "alternatives, nested": filter({
    or: [
      { and: [{ name: { startsWith: "billing" } }, { createdAt: { from: daysAgo(182) } }] },
      { moduleIds: ["MOD-2003"], not: { or: [{ status: ["ACTIVE"] }, { neverUsed: true }] } },
    ],
  }),
});

/** Median times of the pages, in ms, by name. */
async function timesWith(env, tokens) {
  const app = await createAppContext(readConfig({ ...env, PORT: "0" }), createLogger("error"));
  const server = await createServer(app);
  try {
    const [{ count }] = await app.dataSource.query("SELECT COUNT(*) AS count FROM account");
    if (Number(count) === 0) await seed(app, { accounts: 1, tokens });
    const [{ email }] = await app.dataSource.query("SELECT email FROM user");
    const ask = await signedIn(`${await server.listen({ host: "127.0.0.1", port: 0 })}/graphql`, email);
    const { apiTokens } = await ask(list, { first: 1, offset: Math.floor(tokens / 3) });
    const times = {};
    for (const [name, variables] of Object.entries(pages(apiTokens.nodes[0])))
      if (name.includes(options.only)) times[name] = await medianOf(() => ask(list, { first: 10, ...variables }));
    return times;
  } finally {
    await server.close();
    await app.close();
  }
}

async function signedIn(url, email) {
  let cookie = "";
  const ask = async (query, variables) => {
    const headers = { "content-type": "application/json", cookie };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    for (const each of response.headers.getSetCookie()) cookie = each.split(";", 1)[0] ?? "";
    const { data, errors } = await response.json();
    if (errors) throw new Error(errors[0].message);
    return data;
  };
  const signIn = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }";
  await ask(signIn, { input: { email, password: seedPassword } });
  return ask;
}

async function medianOf(work) {
  const times = [];
  for (let run = -warmUps; run < runs; run++) {
    const began = performance.now();
    await work();
    const ms = performance.now() - began;
    if (run < 0) continue;
    if (ms > slowMs) return ms;
    times.push(ms);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

function print(name, few, lots) {
  console.log(
    `\n## ${name}\n\n| page | 1,000 tokens, ms | ${many.toLocaleString("en")}, ms | times |\n|---|--:|--:|--:|`,
  );
  for (const [page, ms] of Object.entries(lots))
    console.log(`| ${page} | ${few[page].toFixed(1)} | ${ms.toFixed(1)} | ${(ms / few[page]).toFixed(1)} |`);
}

const kept = (tokens) => (options.keep ? { HALLPASS_DATA_DIR: join(options.keep, String(tokens)) } : null);
for (const create of options.keep ? [embeddedDatabase] : [embeddedDatabase, throwawayMariaDb]) {
  const [few, lots] = [await create(), await create()];
  if (!few || !lots) continue;
  print(few.name, await timesWith(kept(1_000) ?? few.env, 1_000), await timesWith(kept(many) ?? lots.env, many));
  await few.remove();
  await lots.remove();
}

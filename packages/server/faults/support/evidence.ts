import { setTimeout as sleep } from "node:timers/promises";
import { entities } from "../../src/app/entities.js";
import { openDataSource } from "../../src/db/data-source.js";
import { readConfig } from "../../src/infra/config.js";
import type { Client, Data } from "../../test/support/client.js";
import type { Evidence, StoredToken, TrailRecord } from "./judge.js";

type Sql = (statement: string) => Promise<Data[]>;

/** Runs SQL on the database of these settings, for what no client sees. */
export async function withSql<T>(env: Record<string, string>, work: (sql: Sql) => Promise<T>): Promise<T> {
  const dataSource = await openDataSource(readConfig(env), entities);
  try {
    return await work((statement) => dataSource.query(statement));
  } finally {
    await dataSource.destroy();
  }
}

/** Waits until nothing more is written, as a statement that hung may be done late. */
export async function whenQuiet(sql: Sql): Promise<void> {
  const heads = async () =>
    JSON.stringify(await sql("SELECT account_id, sequence FROM audit_head ORDER BY account_id"));
  for (let before = ""; ; await sleep(1_000)) {
    const now = await heads();
    if (now === before) return;
    before = now;
  }
}

export async function gather(clients: Map<string, Client>, sql: Sql): Promise<Evidence> {
  const evidence: Evidence = { trails: new Map(), listed: new Map(), stored: await storedTokens(sql) };
  for (const [account, client] of clients) {
    const records = await allPages(client, "auditTrail", "sequence event objectId objectName details");
    evidence.trails.set(
      account,
      records
        .filter(({ event }) => event.startsWith("api_token."))
        .map(toRecord)
        .reverse(),
    );
    evidence.listed.set(account, await allPages(client, "apiTokens", "id name description status version"));
  }
  return evidence;
}

function toRecord({ sequence, event, objectId, objectName, details }: Data): TrailRecord {
  return { sequence, event, objectId, objectName, after: JSON.parse(details).after };
}

async function allPages(client: Client, field: string, fields: string): Promise<Data[]> {
  const all: Data[] = [];
  for (let after: string | null = null; ; ) {
    const query = `query ($after: String) { ${field}(first: 100, after: $after) {
      nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`;
    const page: Data = (await client.data(query, { after }))[field];
    all.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return all;
    after = page.pageInfo.endCursor;
  }
}

/** Every token with all its parts. */
async function storedTokens(sql: Sql): Promise<StoredToken[]> {
  const modules = await listsByToken(sql, "api_token_module", "module_id");
  const events = await listsByToken(sql, "api_token_event", "kind");
  const slots = await listsByToken(sql, "api_token_secret", "slot");
  const rows = await sql("SELECT id, account_id, name, description, status, version, module_count FROM api_token");
  return rows.map((row) => ({
    id: row.id,
    account: row.account_id,
    name: row.name,
    description: row.description,
    status: row.status,
    version: row.version,
    moduleCount: row.module_count,
    modules: modules.get(row.id)?.length ?? 0,
    events: events.get(row.id) ?? [],
    slots: slots.get(row.id) ?? [],
  }));
}

async function listsByToken(sql: Sql, table: string, column: string): Promise<Map<string, string[]>> {
  const lists = new Map<string, string[]>();
  for (const row of await sql(`SELECT token_id, ${column} AS entry FROM ${table} ORDER BY token_id, ${column}`))
    lists.set(row.token_id, [...(lists.get(row.token_id) ?? []), row.entry]);
  return lists;
}

import fc from "fast-check";
import { ApiTokenAccessEntity, ApiTokenEntity } from "../../src/features/api-tokens/api-token.entity.js";
import type { Client, Data } from "../support/client.js";
import { modules, people } from "../support/platform.js";
import { propertyRuns } from "../support/property-runs.js";
import { type TestServer, useServer } from "../support/test-server.js";
import {
  anyOrder,
  dates,
  type Filter,
  filtersWith,
  type ModelToken,
  matches,
  type Order,
  oddNames,
  setDisabledAt,
  sorted,
} from "../support/token-model.js";

// Compares lists with the same filter over plain arrays, paging from any row, as callers who see every token.

const runs = { numRuns: propertyRuns(30) };
const timeoutMs = 600_000;
const place = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), size: fc.integer({ min: 1, max: 30 }) });

/** The pages before and after a row of a list, requested by its cursor. */
async function around(client: Client, list: string, types: string, variables: object, index: number, size: number) {
  const document = `query (${types}$first: Int, $after: String, $last: Int, $before: String, $offset: Int) {
    list: ${list}, first: $first, after: $after, last: $last, before: $before, offset: $offset) {
      totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage } } }`;
  const page = async (position: object): Promise<Data> =>
    (await client.data(document, { ...variables, ...position })).list;
  const { edges, totalCount } = await page({ first: 1, offset: index });
  const [{ cursor: at, node }] = edges;
  const [next, previous] = await Promise.all([page({ first: size, after: at }), page({ last: size, before: at })]);
  const idsOf = (each: Data): string[] => each.edges.map((edge: Data) => edge.node.id);
  return {
    total: totalCount,
    before: idsOf(previous),
    here: node.id,
    after: idsOf(next),
    ends: [!previous.pageInfo.hasPreviousPage, !next.pageInfo.hasNextPage],
  };
}

const aroundInArray = (ids: string[], index: number, size: number) => ({
  total: ids.length,
  before: ids.slice(Math.max(0, index - size), index),
  here: ids[index],
  after: ids.slice(index + 1, index + 1 + size),
  ends: [index <= size, index + size >= ids.length - 1],
});

describe("Filters", () => {
  const server = useServer();
  let operator: Client;
  let tokens: ModelToken[];

  beforeAll(async () => {
    operator = await server().as("operator");
    tokens = await createTokens(server(), operator);
  });

  test(
    "An operator’s list matches a plain array for any filter and order, with deleted tokens on request",
    async () => {
      const filter = filtersWith({ statuses: ["ACTIVE", "DISABLED", "DELETED"], creatorIds: [people.operator.id] });
      let found = 0;
      const agrees = fc.asyncProperty(filter, anyOrder, place, async (filter, orderBy, { at, size }) => {
        const asksForDeleted = JSON.stringify(filter).includes("DELETED");
        const isListed = (token: ModelToken) => asksForDeleted || token.status !== "DELETED";
        const all = tokens.filter((token) => isListed(token) && matches(token, filter));
        const ids = sorted(all, orderBy).map(({ id }) => id);
        const list = "apiTokens(filter: $filter, orderBy: $orderBy";
        const types = "$filter: ApiTokenFilter, $orderBy: [ApiTokenOrder!], ";
        if (ids.length === 0) {
          const empty = `query (${types}$last: Int) { ${list}, last: $last) {
            totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor } } }`;
          const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null };
          for (const last of [null, size])
            expect((await operator.data(empty, { filter, orderBy, last })).apiTokens).toEqual({
              totalCount: 0,
              nodes: [],
              pageInfo,
            });
          return;
        }
        found++;
        const index = Math.floor(at * ids.length);
        const seen = await around(operator, list, types, { filter, orderBy }, index, size);
        expect(seen).toEqual(aroundInArray(ids, index, size));
      });
      // By the clocks of two processes, a token can be used before it is created.
      const usedBefore: [Filter, Order[], { at: number; size: number }] = [
        { lastAccessAt: { to: dates[1]?.toISOString() ?? null } },
        [],
        { at: 0, size: 1 },
      ];
      await fc.assert(agrees, { ...runs, examples: [usedBefore] });
      expect(found).toBeGreaterThan(0);
    },
    timeoutMs,
  );

  test(
    "The audit trail matches a plain array for any filter",
    async () => {
      const trail = (await server().trail(operator)).reverse();
      const some = (values: unknown[]) => fc.option(fc.subarray([...new Set(values)], { maxLength: 3 }), { freq: 3 });
      const time = fc.option(fc.constantFrom(...trail.map(({ at }) => at as string)), { freq: 5 });
      const anyFilter = fc.record(
        {
          objectIds: some([...trail.map(({ objectId }) => objectId), "TKN-0000-0000"]),
          actorIds: some([...trail.map(({ actor }) => actor?.id ?? "USR-0000-0000"), "TKN-0000-0000"]),
          events: some([...trail.map(({ event }) => event), "nothing.happened"]),
          at: fc.option(fc.record({ from: time, to: time }, { requiredKeys: [] })),
        },
        { requiredKeys: [] },
      );
      const agrees = fc.asyncProperty(anyFilter, place, async (filter, { at, size }) => {
        const ids = trail.filter((record) => isIn(record, filter)).map(({ id }) => id as string);
        const list = "auditTrail(filter: $filter";
        const types = "$filter: AuditRecordFilter, ";
        if (ids.length === 0) {
          const { auditTrail } = await operator.data(`query (${types}) { ${list}) { totalCount } }`, { filter });
          expect(auditTrail.totalCount).toBe(0);
          return;
        }
        const index = Math.floor(at * ids.length);
        expect(await around(operator, list, types, { filter }, index, size)).toEqual(aroundInArray(ids, index, size));
      });
      await fc.assert(agrees, runs);
    },
    timeoutMs,
  );

  test(
    "A random or altered cursor is rejected or returns only the account’s tokens",
    async () => {
      const [good] = (await operator.data("{ apiTokens { edges { cursor } } }")).apiTokens.edges;
      const cursor: string = good.cursor;
      const ids = new Set(tokens.map(({ id }) => id));
      const encoded = (text: string) => Buffer.from(text).toString("base64url");
      const signature = JSON.parse(Buffer.from(cursor, "base64url").toString())[0];
      const any = fc.oneof(
        fc.string({ unit: "binary" }),
        fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64url")),
        fc.json().map(encoded),
        fc.array(fc.jsonValue(), { maxLength: 3 }).map((values) => encoded(JSON.stringify([signature, ...values]))),
        fc
          .tuple(fc.nat(cursor.length - 1), fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 1 }))
          .map(([at, to]) => cursor.slice(0, at) + to + cursor.slice(at + 1)),
      );
      const document = "query ($after: String) { apiTokens(after: $after, first: 100) { nodes { id } } }";
      const holds = fc.asyncProperty(any, async (after) => {
        const { status, data, errors } = await operator.ask(document, { after });
        if (status !== 200) expect([status, errors[0]?.extensions.code]).toEqual([400, "BAD_USER_INPUT"]);
        else for (const { id } of data.apiTokens.nodes) expect(ids).toContain(id);
      });
      await fc.assert(holds, { numRuns: propertyRuns(100) });
    },
    timeoutMs,
  );

  test(
    "A random or altered introspection form is rejected or inactive",
    async () => {
      const moduleIds = [modules.tokenVerification];
      const { value } = await server().createToken({ name: "Verifier", moduleIds }, operator);
      const introspect = async (body: Uint8Array | string) => {
        const headers = { "Content-Type": "application/x-www-form-urlencoded" };
        const init = { method: "POST", headers, body: body as never };
        const answer = await server().program(value).fetch("/oauth2/introspect", init);
        return { status: answer.status, text: await answer.text() };
      };
      expect((await introspect(`token=${value}`)).text).toContain('"active":true');
      const text = fc.string({ unit: "binary" });
      const any = fc.oneof(
        fc.uint8Array(),
        text,
        text.map((each) => `token=${each}`),
        text.map((each) => `token=${encodeURIComponent(Buffer.from(each).toString())}`),
        fc
          .tuple(fc.nat(value.length - 1), fc.constantFrom("0", "a", "_", "%00", "&", "=", "+"))
          .filter(([at, to]) => value[at] !== to)
          .map(([at, to]) => `token=${value.slice(0, at)}${to}${value.slice(at + 1)}`),
        fc.constantFrom(`token=${value}&token=${value}`, `token[]=${value}`, `TOKEN=${value}`, `token=${value}%00`),
      );
      const holds = fc.asyncProperty(any, async (body) => {
        const { status, text } = await introspect(body);
        expect([200, 400]).toContain(status);
        if (status === 200) expect(text).toBe('{"active":false}');
      });
      await fc.assert(holds, { numRuns: propertyRuns(100) });
    },
    timeoutMs,
  );
});

interface TrailFilter {
  objectIds?: unknown[] | null;
  actorIds?: unknown[] | null;
  events?: unknown[] | null;
  at?: { from?: string | null; to?: string | null } | null;
}

function isIn({ objectId, actor, event, at }: Data, filter: TrailFilter): boolean {
  const { from, to } = filter.at ?? {};
  return (
    (!filter.objectIds || filter.objectIds.includes(objectId)) &&
    (!filter.actorIds || (actor !== null && filter.actorIds.includes(actor.id))) &&
    (!filter.events || filter.events.includes(event)) &&
    (!from || at >= from) &&
    (!to || at < to)
  );
}

const statuses = ["ACTIVE", "DELETED", "DISABLED"] as const;
const moduleLists = [[modules.catalogue], [modules.orders], [modules.catalogue, modules.orders, modules.audit]];

const wantedOf = (index: number) => ({
  name: oddNames[index % oddNames.length] ?? "",
  description: index % 5 === 0 ? `Número ${index}` : null,
  moduleIds: moduleLists[index % 4] ?? [modules.audit],
  ipRanges: index % 3 === 0 ? ["192.0.2.0/24"] : [],
});

/** Tokens of every status, with times set by hand. */
async function createTokens(server: TestServer, by: Client): Promise<ModelToken[]> {
  const tokens: ModelToken[] = [];
  for (let index = 0; index < 45; index++) {
    const wanted = wantedOf(index);
    const times = {
      createdAt: dates[index % 4] as Date,
      expiresAt: index % 4 === 0 ? null : (dates[(index >> 2) % 4] as Date),
    };
    const lastAccessAt = index % 3 === 0 ? null : (dates[(index + 1) % 4] as Date);
    const { id } = await server.createToken(wanted, by);
    await server.app.dataSource.manager.update(ApiTokenEntity, { id }, times);
    await server.app.dataSource.manager.update(ApiTokenAccessEntity, { tokenId: id }, { lastAccessAt });
    const status = statuses[(index >> 1) % statuses.length] ?? "ACTIVE";
    if (status !== "ACTIVE") await by.mutate(status === "DELETED" ? "deleteApiToken" : "disableApiToken", { id });
    const creator = { createdById: people.operator.id, createdByName: "Fay Operator" };
    const token: ModelToken = { ...wanted, ...times, lastAccessAt, ...creator, id, status, disabledAt: null };
    await setDisabledAt(server, token, dates[index % 4] as Date);
    tokens.push(token);
  }
  return tokens;
}

import type { Client, Data } from "../support/client.js";
import { accounts, modules, people } from "../support/platform.js";
import { useServer } from "../support/test-server.js";

const agent = "test-suite/1.0";

describe("Audit trail", () => {
  const server = useServer();
  let admin: Client;
  let token: { id: string; name: string; value: string };
  let byToken: string;
  const page = async (variables: object): Promise<Data> =>
    (
      await admin.data(
        `query ($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $filter: AuditRecordFilter) {
          auditTrail(first: $first, after: $after, last: $last, before: $before, offset: $offset, filter: $filter) {
            totalCount nodes { sequence event } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
        variables,
      )
    ).auditTrail;
  const sequences = ({ nodes }: Data): number[] => nodes.map(({ sequence }: Data) => sequence);

  beforeAll(async () => {
    admin = await server().as("admin");
    token = await server().createToken({ name: "Recorder", moduleIds: [modules.accessManagement] });
    const other = await server().createToken({ name: "Robot" });
    await admin.mutate("updateApiToken", {
      id: other.id,
      name: "Robot 2",
      description: "New",
      expiresAt: "2099-01-01T00:00:00Z",
    });
    await admin.mutate("disableApiToken", { id: other.id });
    await admin.mutate("enableApiToken", { id: other.id });
    await admin.mutate("revealApiToken", { id: other.id, purpose: "COPY" });
    await admin.mutate("deleteApiToken", { id: other.id });
    byToken = (
      await server().createToken(
        { name: "Child", moduleIds: [modules.accessManagement] },
        server().program(token.value),
      )
    ).id;
  });

  test("Records are numbered without gaps and listed newest first", async () => {
    const { nodes, totalCount } = await page({ first: 100 });
    expect(sequences({ nodes })).toEqual(Array.from({ length: totalCount }, (_, index) => totalCount - index));
    expect(totalCount).toBeGreaterThan(8);
  });

  test("The trail can be listed oldest first, and a cursor applies to its own order only", async () => {
    const oldestFirst = async (args: object): Promise<Data> => {
      const document = `query ($first: Int, $after: String) {
        auditTrail(first: $first, after: $after, orderBy: { field: AT, direction: ASC }) {
          nodes { sequence } pageInfo { endCursor hasNextPage }
        }
      }`;
      return (await admin.data(document, args)).auditTrail;
    };
    const start = await oldestFirst({ first: 3 });
    expect(sequences(start)).toEqual([1, 2, 3]);
    expect(sequences(await oldestFirst({ first: 2, after: start.pageInfo.endCursor }))).toEqual([4, 5]);
    await expect(page({ first: 2, after: start.pageInfo.endCursor })).rejects.toThrow(
      "The cursor does not match this list and order.",
    );
  });

  test("The trail can be paged forward, backward and by offset", async () => {
    const all = sequences(await page({ first: 100 }));
    const forward: number[] = [];
    for (let after: string | null = null; ; ) {
      const next: Data = await page({ first: 3, after });
      forward.push(...sequences(next));
      if (!next.pageInfo.hasNextPage) break;
      after = next.pageInfo.endCursor;
    }
    const backward: number[] = [];
    for (let before: string | null = null; ; ) {
      const next: Data = await page({ last: 3, before });
      backward.unshift(...sequences(next));
      if (!next.pageInfo.hasPreviousPage) break;
      before = next.pageInfo.startCursor;
    }
    expect([forward, backward]).toEqual([all, all]);
    expect(sequences(await page({ first: 2, offset: 4 }))).toEqual(all.slice(4, 6));
  });

  test("A record has the change, actor, IP address, user agent and request ID", async () => {
    const program = server().program(token.value).with({ "User-Agent": agent });
    const moduleIds = [modules.accessManagement];
    const { id } = await server().createToken({ name: "Traced", moduleIds }, program);
    const [created] = await server().trail(admin, { objectIds: [id], events: ["api_token.created"] });
    expect(created).toMatchObject({
      event: "api_token.created",
      objectId: id,
      objectName: "Traced",
      actor: { __typename: "ApiToken", id: token.id, name: "Recorder" },
      ip: program.address,
      userAgent: agent,
      summary: expect.stringContaining("Traced"),
    });
    expect(JSON.parse(created.details)).toMatchObject({
      account: accounts.client,
      sequence: created.sequence,
      at: created.at,
      event: "api_token.created",
      object: { id, name: "Traced" },
      actor: { id: token.id, name: "Recorder" },
      ip: program.address,
      requestId: expect.any(String),
      before: {},
      after: { name: "Traced", moduleIds, status: "ACTIVE" },
    });
  });

  test("Control characters are removed from a record’s user agent", async () => {
    const program = server().program(token.value).with({ "User-Agent": "a\u0080\u009B31mb\tc\u009F" });
    const { id } = await server().createToken({ moduleIds: [modules.accessManagement] }, program);
    expect(await server().trail(admin, { objectIds: [id] })).toMatchObject([{ userAgent: "a31mbc" }]);
  });

  test("The record of an edit contains only the changed fields", async () => {
    const [edited] = await server().trail(admin, { events: ["api_token.updated"] });
    const { before, after } = JSON.parse(edited.details);
    expect(before).toEqual({ name: "Robot", description: null, expiresAt: null });
    expect(after).toEqual({ name: "Robot 2", description: "New", expiresAt: "2099-01-01T00:00:00.000Z" });
  });

  test("The trail keeps every record of a deleted token", async () => {
    const [{ objectId }] = await server().trail(admin, { events: ["api_token.deleted"] });
    const story = await server().trail(admin, { objectIds: [objectId] });
    expect(story.map(({ event }) => event.slice("api_token.".length))).toEqual([
      ...["created", "updated", "disabled", "enabled", "revealed", "deleted"],
    ]);
    expect(story.every(({ actor }) => actor.id === people.admin.id)).toBe(true);
  });

  test("The trail can be filtered by object, actor, event and time", async () => {
    const all = await server().trail(admin);
    const expectSame = async (filter: object, keep: (record: Data) => boolean) =>
      expect(await server().trail(admin, filter)).toEqual(all.filter(keep));
    const at = all[Math.floor(all.length / 2)].at;
    await expectSame({ objectIds: [token.id, byToken] }, ({ objectId }) => [token.id, byToken].includes(objectId));
    await expectSame({ actorIds: [token.id] }, ({ actor }) => actor?.id === token.id);
    await expectSame({ events: ["api_token.created", "user.signed_in"] }, ({ event }) =>
      ["api_token.created", "user.signed_in"].includes(event),
    );
    await expectSame({ at: { from: at } }, (record) => record.at >= at);
    await expectSame({ at: { to: at } }, (record) => record.at < at);
    await expectSame(
      { actorIds: [people.admin.id], at: { from: at } },
      (record) => record.actor?.id === people.admin.id && record.at >= at,
    );
    await expectSame({ objectIds: [] }, () => false);
    await expectSame({ events: ["no such event"] }, () => false);
  });

  describe("Actors", () => {
    const actorOfNewest = async (id: string) => (await server().trail(admin, { objectIds: [id] })).at(-1)?.actor;

    test("An actor is shown as a user or an API token while it exists", async () => {
      expect(await actorOfNewest(token.id)).toEqual({ __typename: "User", id: people.admin.id, name: "Ada Admin" });
      expect(await actorOfNewest(byToken)).toEqual({ __typename: "ApiToken", id: token.id, name: "Recorder" });
    });

    test("A former actor is shown by the name in the record", async () => {
      const { id } = await server().createToken({ name: "Left behind" }, "otherAdmin");
      const gone = await server().createToken({
        name: "Gone",
        moduleIds: [modules.accessManagement, modules.catalogue],
      });
      const child = await server().createToken({ name: "Orphan" }, server().program(gone.value));
      await admin.mutate("deleteApiToken", { id: gone.id });
      await server().sql("DELETE FROM membership WHERE user_id = ?", [people.otherAdmin.id]);
      expect(await actorOfNewest(id)).toEqual({
        __typename: "FormerActor",
        id: people.otherAdmin.id,
        name: "Bo Admin",
      });
      expect(await actorOfNewest(child.id)).toEqual({ __typename: "FormerActor", id: gone.id, name: "Gone" });
      const { apiToken } = await admin.data(
        "query ($id: ID!) { apiToken(id: $id) { createdBy { __typename name } } }",
        { id },
      );
      expect(apiToken.createdBy).toEqual({ __typename: "FormerActor", name: "Bo Admin" });
    });

    test("A change by the command line has no actor", async () => {
      const platform = await server().apply({
        modules: [],
        accounts: [
          {
            id: accounts.client,
            name: "Client Inc.",
            type: "CLIENT",
            modules: [modules.accessManagement, modules.audit, modules.catalogue, modules.orders],
          },
        ],
        users: [],
      });
      expect(platform).toHaveLength(1);
      const record = (await server().trail(admin, { objectIds: [accounts.client] })).at(-1);
      expect(record).toMatchObject({ actor: null, ip: null, objectName: "Client Inc." });
      expect(JSON.parse(record.details).actor).toBeNull();
    });
  });

  test("The trail contains no records of another account", async () => {
    const theirs = await server().createToken({ name: "Theirs" }, "vendorAdmin");
    expect(await server().trail(admin, { objectIds: [theirs.id] })).toEqual([]);
    expect(await server().trail("vendorAdmin", { objectIds: [token.id] })).toEqual([]);
  });

  test("A record can be fetched by its ID", async () => {
    const [record] = await server().trail(admin);
    const document = "query ($id: ID!) { node(id: $id) { ... on AuditRecord { id sequence summary } } }";
    expect((await admin.data(document, { id: record.id })).node).toMatchObject({
      sequence: 1,
      summary: record.summary,
    });
    expect((await admin.data(document, { id: `${record.id}000000` })).node).toBeNull();
  });
});

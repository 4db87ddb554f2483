import type { Client, Data } from "../support/client.js";
import { accounts, modules, password, people } from "../support/platform.js";
import { type TestServer, useServer } from "../support/test-server.js";

const minuteMs = 60_000;
const dayMs = 86_400_000;

describe("An account’s policy", () => {
  const server = useServer();
  const inDays = (days: number) => new Date(server().clock.now().getTime() + days * dayMs).toISOString();
  const setPolicy = async (policy: object, by?: Client): Promise<Data> =>
    (by ?? (await server().signIn("admin"))).mutate("updateAccountPolicy", policy);
  const nothing = {
    maxLifetimeDays: null,
    expiryRequired: false,
    ipRangesRequired: false,
    valuesShownOnce: false,
    recentSignInRequired: false,
  };
  const create = async (input: object, by?: Client) =>
    (by ?? (await server().as("admin"))).mutate("createApiToken", {
      name: "Robot",
      moduleIds: [modules.catalogue],
      ...input,
    });
  const ranges = ["192.0.2.0/24"];
  afterEach(() => setPolicy(nothing));

  test("It requires nothing at first. Administrators change it field by field, with a record, and auditors read it", async () => {
    const [admin, auditor] = [await server().as("admin"), await server().as("auditor")];
    const read = async (by: Client) =>
      (
        await by.data(
          "{ accountPolicy { maxLifetimeDays expiryRequired ipRangesRequired valuesShownOnce recentSignInRequired } }",
        )
      ).accountPolicy;
    expect(await read(auditor)).toEqual(nothing);
    expect((await setPolicy({ maxLifetimeDays: 30 }, admin)).policy).toEqual({ ...nothing, maxLifetimeDays: 30 });
    expect((await setPolicy({ ipRangesRequired: true }, admin)).policy).toMatchObject({
      maxLifetimeDays: 30,
      ipRangesRequired: true,
    });
    expect(await read(auditor)).toEqual({ ...nothing, maxLifetimeDays: 30, ipRangesRequired: true });
    // Nothing changes, so nothing is recorded.
    await setPolicy({ ipRangesRequired: true }, admin);
    const records = await server().trail("auditor", { events: ["account.policy_changed"] });
    expect(records.map(({ objectId, details }) => [objectId, JSON.parse(details)])).toEqual([
      [accounts.client, expect.objectContaining({ before: { maxLifetimeDays: null }, after: { maxLifetimeDays: 30 } })],
      [
        accounts.client,
        expect.objectContaining({ before: { ipRangesRequired: false }, after: { ipRangesRequired: true } }),
      ],
    ]);
    // Other accounts have their own.
    expect(await read(await server().as("vendorAdmin"))).toEqual(nothing);
  });

  test.each([0, 3_651, 1.5])("A maximum lifetime of %p days is rejected", async (maxLifetimeDays) => {
    const admin = await server().as("admin");
    const { data, errors } = await admin.ask(
      `mutation { updateAccountPolicy(input: { maxLifetimeDays: ${maxLifetimeDays} }) { userErrors { field message } } }`,
    );
    const rejected = data?.updateAccountPolicy.userErrors ?? errors;
    expect(rejected).toHaveLength(1);
  });

  test.each<[policy: object, input: { days?: number; expiresAt?: null }, field: string, message: string]>([
    [{ expiryRequired: true }, { expiresAt: null }, "expiresAt", "The account's policy requires an expiry."],
    [{ expiryRequired: true }, {}, "expiresAt", "The account's policy requires an expiry."],
    [{ maxLifetimeDays: 30 }, {}, "expiresAt", "The account's policy requires an expiry."],
    [{ maxLifetimeDays: 30 }, { days: 32 }, "expiresAt", "The account's policy allows a lifetime of up to 30 days."],
    [{ ipRangesRequired: true }, {}, "ipRanges", "The account's policy requires IP addresses."],
  ])("With %j, a token with %j is not created", async (policy, { days, ...input }, field, message) => {
    await setPolicy(policy);
    const given = { ...input, ...(days && { expiresAt: inDays(days) }) };
    expect((await create(given)).userErrors).toMatchObject([{ field: [field], message }]);
  });

  test.each([
    [["0.0.0.0/0"], 1],
    [["192.0.2.0/24", "::/0"], 1],
    [["0.0.0.0/1", "128.0.0.0/1"], 1],
    [["10.0.0.0/8", "2001:db8::/32"], 0],
  ])("Required IP ranges restrict something: %j", async (given, errors) => {
    await setPolicy({ ipRangesRequired: true });
    expect((await create({ ipRanges: given })).userErrors).toHaveLength(errors);
  });

  test("A token may expire at the end of the last day in any time zone", async () => {
    await setPolicy({ maxLifetimeDays: 30 });
    expect((await create({ expiresAt: inDays(30.99) })).userErrors).toEqual([]);
    expect((await create({ expiresAt: inDays(31.01) })).userErrors).toHaveLength(1);
  });

  test("A token that creates tokens is bound by the policy, too", async () => {
    const parent = await server().createToken({ moduleIds: [modules.accessManagement, modules.catalogue] });
    await setPolicy({ ipRangesRequired: true });
    const program = server().program(parent.value);
    expect((await create({}, program)).userErrors).toMatchObject([{ field: ["ipRanges"] }]);
    expect((await create({ ipRanges: ranges }, program)).userErrors).toEqual([]);
  });

  test("Tokens that break a new policy work and can be edited, but not made to break it further", async () => {
    const admin = await server().as("admin");
    const token = await server().createToken();
    const [other] = [await server().createToken()];
    await setPolicy({ maxLifetimeDays: 30, ipRangesRequired: true });
    expect((await server().program(token.value).fetch("/authorize")).status).toBe(200);
    const edit = (input: object) => admin.mutate("updateApiToken", { id: token.id, ...input });
    for (const kept of [{ name: "Renamed" }, { name: "Again", expiresAt: null, ipRanges: [] }])
      expect((await edit(kept)).userErrors).toEqual([]);
    expect((await edit({ expiresAt: inDays(60) })).userErrors).toMatchObject([{ field: ["expiresAt"] }]);
    expect((await edit({ expiresAt: inDays(20), ipRanges: ranges })).userErrors).toEqual([]);
    expect((await edit({ expiresAt: null })).userErrors).toMatchObject([{ field: ["expiresAt"] }]);
    expect((await edit({ ipRanges: [] })).userErrors).toMatchObject([{ field: ["ipRanges"] }]);
    await admin.mutate("disableApiToken", { id: other.id });
    expect((await admin.mutate("enableApiToken", { id: other.id })).userErrors).toEqual([]);
    const { updateApiTokens } = await admin.data(
      "mutation ($input: BulkUpdateApiTokensInput!) { updateApiTokens(input: $input) { results { id userErrors { field } } } }",
      { input: { ids: [token.id, other.id], expiresAt: null } },
    );
    // Of the other, nothing changes.
    expect(updateApiTokens.results).toEqual([
      { id: token.id, userErrors: [{ field: ["expiresAt"] }] },
      { id: other.id, userErrors: [] },
    ]);
  });

  test("They are found by filters", async () => {
    const admin = await server().as("admin");
    const listed = async (filter: object): Promise<string[]> =>
      (
        await admin.data(
          "query ($filter: ApiTokenFilter) { apiTokens(first: 100, filter: $filter) { nodes { id } } }",
          { filter },
        )
      ).apiTokens.nodes.map(({ id }: Data) => id);
    const bound = (await create({ name: "Bound", expiresAt: inDays(10), ipRanges: ranges })).apiToken.id;
    const free = (await create({ name: "Free" })).apiToken.id;
    const breaking = await listed({
      or: [{ noExpiry: true }, { expiresAt: { from: inDays(31) } }, { noIpRanges: true }],
    });
    expect([breaking.includes(free), breaking.includes(bound)]).toEqual([true, false]);
    expect(await listed({ name: { equals: "Bound" }, noIpRanges: false })).toEqual([bound]);
  });

  test("With values shown once, none is revealed or returned again, and the action is not offered", async () => {
    const admin = await server().as("admin");
    const { apiToken, value } = await create({ idempotencyKey: "once" });
    expect(value).toMatch(/^hp_/);
    const actions = async () =>
      (await admin.data("query ($id: ID!) { apiToken(id: $id) { availableActions } }", { id: apiToken.id })).apiToken
        .availableActions;
    expect(await actions()).toContain("REVEAL");
    await setPolicy({ valuesShownOnce: true });
    expect(await actions()).not.toContain("REVEAL");
    expect(await admin.mutate("revealApiToken", { id: apiToken.id, purpose: "SHOW" })).toMatchObject({
      value: null,
      userErrors: [{ code: "ILLEGAL_TRANSITION", message: expect.stringContaining("shows a value only once") }],
    });
    const again = await create({ idempotencyKey: "once" });
    expect([again.value, again.userErrors]).toEqual([null, [expect.objectContaining({ field: ["idempotencyKey"] })]]);
    // A rotation returns the new value, once.
    expect((await admin.mutate("rotateApiToken", { id: apiToken.id })).value).toMatch(/^hp_/);
  });

  describe("With a recent sign-in required", () => {
    const sensitive: [string, (client: Client, id: string) => Promise<{ errors: Data[] }>][] = [
      ["revealing a value", (client, id) => ask(client, "revealApiToken", `{ id: "${id}", purpose: SHOW }`)],
      ["rotating", (client, id) => ask(client, "rotateApiToken", `{ id: "${id}" }`)],
      ["deleting", (client, id) => ask(client, "deleteApiToken", `{ id: "${id}" }`)],
      ["deleting several", (client, id) => ask(client, "deleteApiTokens", `{ ids: ["${id}"] }`)],
      [
        "creating a token",
        (client) => ask(client, "createApiToken", `{ name: "Robot", moduleIds: ["${modules.accessManagement}"] }`),
      ],
      [
        "repeating a creation",
        (client) =>
          ask(client, "createApiToken", `{ name: "R", moduleIds: ["${modules.catalogue}"], idempotencyKey: "again" }`),
      ],
      ["changing the policy", (client) => ask(client, "updateAccountPolicy", "{ expiryRequired: true }")],
    ];
    const ask = (client: Client, name: string, input: string) =>
      client.ask(`mutation { ${name}(input: ${input}) { userErrors { message } } }`);

    test.each(sensitive)("%s needs one within 15 minutes", async (_what, act) => {
      await setPolicy({ recentSignInRequired: true });
      const client = await server().signIn("admin");
      const { id } = await server().createToken({}, client);
      server().clock.advance(16 * minuteMs);
      const { errors } = await act(client, id);
      expect(errors[0]).toMatchObject({
        message: "The account's policy requires a sign-in within the last 15 minutes.",
        extensions: { code: "FORBIDDEN", recentSignInRequired: true },
      });
      // Signing in again is enough.
      await client.mutate("signIn", { email: people.admin.email, password });
      expect((await act(client, id)).errors ?? []).toEqual([]);
    });

    test("Nothing else needs one, nor does a token that rotates itself", async () => {
      await setPolicy({ recentSignInRequired: true });
      const client = await server().signIn("admin");
      const token = await server().createToken({ moduleIds: [modules.accessManagement] }, client);
      server().clock.advance(16 * minuteMs);
      for (const name of ["disableApiToken", "enableApiToken"])
        expect((await client.mutate(name, { id: token.id })).userErrors).toEqual([]);
      expect((await client.mutate("updateApiToken", { id: token.id, name: "Renamed" })).userErrors).toEqual([]);
      const rotated = await server().program(token.value).mutate("rotateApiToken", { id: token.id });
      expect(rotated.value).toMatch(/^hp_/);
    });

    test("It can only be turned on with a recent sign-in, so that it locks no one out", async () => {
      const client = await server().signIn("admin");
      server().clock.advance(16 * minuteMs);
      const { errors } = await ask(client, "updateAccountPolicy", "{ recentSignInRequired: true }");
      expect(errors[0]?.extensions.recentSignInRequired).toBe(true);
      expect((await ask(client, "updateAccountPolicy", "{ expiryRequired: true }")).errors).toEqual([]);
    });

    test("A session whose person proved who they are at an unknown time is not recent", async () => {
      await setPolicy({ recentSignInRequired: true });
      const client = await server().signIn("otherAdmin");
      const { id } = await server().createToken({}, client);
      await unprove(server(), people.otherAdmin.id);
      const { errors } = await ask(client, "rotateApiToken", `{ id: "${id}" }`);
      expect(errors[0]?.extensions.recentSignInRequired).toBe(true);
      expect((await client.data("{ viewer { authenticatedAt } }")).viewer.authenticatedAt).toBeNull();
    });
  });
});

/** As after a sign-in with a provider that does not say when the person proved who they are. */
const unprove = (server: TestServer, userId: string) =>
  server.sql("UPDATE session SET authenticated_at = NULL WHERE user_id = ?", [userId]);

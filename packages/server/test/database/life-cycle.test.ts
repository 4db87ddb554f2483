import { type ApiTokenStatus, apiTokenStatuses, lifeCycle } from "@hallpass/shared";
import { mutations, queries } from "../support/client.js";
import { modules, people } from "../support/platform.js";
import { useServer } from "../support/test-server.js";

const mutationOf = {
  EDIT: { name: "updateApiToken", more: { name: "Edited" }, event: "api_token.updated", kind: "UPDATED" },
  ENABLE: { name: "enableApiToken", more: {}, event: "api_token.enabled", kind: "ENABLED" },
  DISABLE: { name: "disableApiToken", more: {}, event: "api_token.disabled", kind: "DISABLED" },
  DELETE: { name: "deleteApiToken", more: {}, event: "api_token.deleted", kind: "DELETED" },
  ROTATE: { name: "rotateApiToken", more: {}, event: "api_token.rotated", kind: "ROTATED" },
  REVEAL: { name: "revealApiToken", more: { purpose: "SHOW" }, event: "api_token.revealed", kind: "REVEALED" },
} as const;

type Action = keyof typeof mutationOf;
const actions = Object.keys(mutationOf) as Action[];

describe("Token life cycle", () => {
  const server = useServer();
  const mutate = async (name: string, input: object) => (await server().as("admin")).mutate(name, input);
  const read = async (id: string) => (await (await server().as("admin")).data(queries.apiToken, { id })).apiToken;
  const stored = async (id: string) => (await server().sql("SELECT * FROM api_token WHERE id = ?", [id]))[0];
  const trailOf = (id: string) => server().trail("admin", { objectIds: [id] });

  test("The tests cover every action of the life cycle", () => {
    expect(actions.sort()).toEqual(Object.keys(lifeCycle).sort());
  });

  test("A new token is active, at version 1 and returned with its value", async () => {
    const { apiToken, value, userErrors } = await mutate("createApiToken", {
      name: " Robot 1 ",
      description: "Reads",
      moduleIds: [modules.orders, modules.catalogue],
      expiresAt: "2099-01-01T00:00:00.123Z",
    });
    expect(userErrors).toEqual([]);
    expect(value).toContain(apiToken.id.slice(4).replace("-", ""));
    expect(apiToken).toMatchObject({
      name: "Robot 1",
      description: "Reads",
      status: "ACTIVE",
      version: 1,
      moduleCount: 2,
      modules: [{ name: "Catalogue" }, { name: "Orders" }],
      createdBy: { __typename: "User", name: "Ada Admin" },
      expiresAt: "2099-01-01T00:00:00.123Z",
      lastAccessAt: null,
      iconUrl: null,
      availableActions: ["EDIT", "DISABLE", "DELETE", "REVEAL", "ROTATE"],
      events: [{ kind: "CREATED", by: { name: "Ada Admin" } }],
    });
    expect(await read(apiToken.id)).toEqual(apiToken);
  });

  describe.each(apiTokenStatuses)("Actions on a token that is %s", (from: ApiTokenStatus) => {
    test.each(actions)("The action %s follows the life cycle", async (action) => {
      const { name, more, event, kind } = mutationOf[action];
      const { id } = await server().createTokenThatIs(from);
      const before = await stored(id);
      const trail = await trailOf(id);
      const payload = await mutate(name, { id, ...more });
      const after = await stored(id);

      const rule = lifeCycle[action];
      if (!rule.from.includes(from)) {
        // For people of a client account, a deleted token does not exist.
        const code = from === "DELETED" ? "NOT_FOUND" : "ILLEGAL_TRANSITION";
        expect(payload.userErrors).toEqual([{ code, field: ["id"], message: expect.stringMatching(/^[A-Z].+\.$/) }]);
        expect(after).toEqual(before);
        expect(await trailOf(id)).toEqual(trail);
        return;
      }
      expect(payload.userErrors).toEqual([]);
      expect(after.status).toBe(rule.to ?? from);
      expect(after.version).toBe(before.version + (action === "REVEAL" ? 0 : 1));
      expect((await trailOf(id)).slice(trail.length)).toEqual([expect.objectContaining({ event, objectId: id })]);
      const events = await server().sql("SELECT kind FROM api_token_event WHERE token_id = ?", [id]);
      expect(events).toContainEqual({ kind });
    });
  });

  test("People of an OPERATIONS account see a deleted token but can take no action on it", async () => {
    const { id } = await server().createTokenThatIs("DELETED", {}, "operator");
    const operator = await server().as("operator");
    expect((await operator.data(queries.apiToken, { id })).apiToken).toMatchObject({
      status: "DELETED",
      availableActions: [],
    });
    for (const action of actions) {
      const { userErrors } = await operator.mutate(mutationOf[action].name, { id, ...mutationOf[action].more });
      expect(userErrors).toEqual([expect.objectContaining({ code: "ILLEGAL_TRANSITION" })]);
    }
  });

  test("A deletion destroys the token’s digest and ciphertext", async () => {
    const { id } = await server().createTokenThatIs("DISABLED");
    expect(await server().sql("SELECT 1 FROM api_token_secret WHERE token_id = ?", [id])).toHaveLength(1);
    expect(await mutate("deleteApiToken", { id })).toEqual({ deletedId: id, userErrors: [] });
    expect(await server().sql("SELECT 1 FROM api_token_secret WHERE token_id = ?", [id])).toHaveLength(0);
    expect(await read(id)).toBeNull();
  });

  test("An ID with surrounding blanks matches no token", async () => {
    const token = await server().createToken({ moduleIds: [modules.accessManagement] });
    const program = server().program(token.value);
    const admin = await server().as("admin");
    const before = await server().sql("SELECT name, status, version FROM api_token WHERE id = ?", [token.id]);
    for (const id of [`${token.id} `, ` ${token.id}`, `${token.id}\u0000`, token.id.toLowerCase()]) {
      for (const client of [program, admin])
        for (const name of ["updateApiToken", "disableApiToken", "deleteApiToken", "rotateApiToken"])
          expect((await client.mutate(name, { id })).userErrors).toMatchObject([{ code: "NOT_FOUND" }]);
      const { apiToken } = await admin.data("query ($id: ID!) { apiToken(id: $id) { id } }", { id });
      expect(apiToken).toBeNull();
      const { node } = await admin.data("query ($id: ID!) { node(id: $id) { id } }", { id });
      expect(node).toBeNull();
    }
    expect(await server().sql("SELECT name, status, version FROM api_token WHERE id = ?", [token.id])).toEqual(before);
  });

  describe("Edits", () => {
    const all = {
      name: "Robot",
      description: "Reads",
      moduleIds: [modules.catalogue, modules.orders],
      expiresAt: "2099-01-01T00:00:00.000Z",
    };

    test("An edit leaves omitted fields unchanged", async () => {
      const { id } = await server().createToken(all);
      const before = await read(id);
      const { apiToken } = await mutate("updateApiToken", { id, name: "Renamed" });
      const { events, ...rest } = before;
      expect(apiToken).toMatchObject({ ...rest, name: "Renamed", version: 2 });
    });

    test("A null clears an optional field", async () => {
      const { id } = await server().createToken(all);
      const { apiToken } = await mutate("updateApiToken", { id, description: null, expiresAt: null, icon: null });
      expect(apiToken).toMatchObject({ description: null, expiresAt: null, iconUrl: null, name: "Robot" });
    });

    test("A null for the name or modules is rejected", async () => {
      const { id } = await server().createToken(all);
      const { userErrors } = await mutate("updateApiToken", { id, name: null, moduleIds: null });
      expect(userErrors).toEqual([
        expect.objectContaining({ code: "REQUIRED", field: ["name"] }),
        expect.objectContaining({ code: "REQUIRED", field: ["moduleIds"] }),
      ]);
      expect(await read(id)).toMatchObject({ name: "Robot", moduleCount: 2, version: 1 });
    });

    test("An edit replaces the modules", async () => {
      const { id } = await server().createToken(all);
      const { apiToken } = await mutate("updateApiToken", { id, moduleIds: [modules.audit, modules.orders] });
      expect(apiToken).toMatchObject({ moduleCount: 2, modules: [{ name: "Audit" }, { name: "Orders" }] });
    });

    test("An edit that changes nothing adds neither a version nor a record", async () => {
      const { id } = await server().createToken(all);
      const { apiToken } = await mutate("updateApiToken", { id, ...all });
      expect(apiToken.version).toBe(1);
      expect(await trailOf(id)).toHaveLength(1);
    });

    test("An edit of a stale version is rejected", async () => {
      const { id, version } = await server().createToken();
      expect((await mutate("updateApiToken", { id, version, name: "First" })).userErrors).toEqual([]);
      const { apiToken, userErrors } = await mutate("updateApiToken", { id, version, name: "Second" });
      expect([apiToken, userErrors]).toEqual([
        null,
        [{ code: "VERSION_CONFLICT", field: ["version"], message: expect.any(String) }],
      ]);
      expect(await read(id)).toMatchObject({ name: "First", version: 2 });
    });

    test("An edit with a module that is not enabled or a past expiry is rejected", async () => {
      const { id } = await server().createToken();
      expect(await mutate("updateApiToken", { id, moduleIds: [modules.helpdesk] })).toMatchObject({
        userErrors: [{ code: "MODULE_NOT_ENABLED", field: ["moduleIds", "0"] }],
      });
      expect(await mutate("updateApiToken", { id, expiresAt: "2001-01-01T00:00:00Z" })).toMatchObject({
        userErrors: [{ code: "INVALID", field: ["expiresAt"] }],
      });
      expect(await read(id)).toMatchObject({ version: 1 });
    });
  });

  describe("Concurrent changes", () => {
    test("One of 20 concurrent disablings of a token succeeds", async () => {
      const { id } = await server().createToken();
      const answers = await Promise.all(Array.from({ length: 20 }, () => mutate("disableApiToken", { id })));
      const refused = answers.flatMap(({ userErrors }) => userErrors).map(({ code }) => code);
      expect(refused).toHaveLength(19);
      expect(refused.every((code) => ["ILLEGAL_TRANSITION", "VERSION_CONFLICT"].includes(code))).toBe(true);
      expect(await stored(id)).toMatchObject({ status: "DISABLED", version: 2 });
      expect((await trailOf(id)).map(({ event }) => event)).toEqual(["api_token.created", "api_token.disabled"]);
    });

    test("A token’s status, version and trail agree after 20 mixed concurrent changes", async () => {
      const { id } = await server().createToken();
      const names = ["disableApiToken", "enableApiToken", "updateApiToken", "disableApiToken"] as const;
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const name = index === 17 ? "deleteApiToken" : (names[index % names.length] ?? "updateApiToken");
          const { userErrors } = await mutate(name, {
            id,
            ...(name === "updateApiToken" && { name: `Name ${index}` }),
          });
          return userErrors.length === 0;
        }),
      );
      const won = answers.filter(Boolean).length;
      const after = await stored(id);
      const events: string[] = (await trailOf(id)).map(({ event }) => event);
      expect(won).toBeGreaterThan(0);
      expect(after.version).toBe(1 + won);
      expect(events).toHaveLength(1 + won);
      expect(statusAfter(events)).toBe(after.status);
    });

    test("Twenty concurrent creations in one account succeed and leave no gap in the trail", async () => {
      const tokens = await Promise.all(Array.from({ length: 20 }, (_, n) => server().createToken({ name: `P${n}` })));
      expect(new Set(tokens.map(({ id }) => id)).size).toBe(20);
      const trail = await server().trail();
      expect(trail.map(({ sequence }) => sequence)).toEqual(trail.map((_, index) => index + 1));
      const created = trail.filter(({ event }) => event === "api_token.created").map(({ objectId }) => objectId);
      expect(created).toEqual(expect.arrayContaining(tokens.map(({ id }) => id)));
    });

    test("Concurrent changes of 20 different tokens succeed", async () => {
      const tokens = await Promise.all(Array.from({ length: 20 }, () => server().createToken()));
      const answers = await Promise.all(
        tokens.map(({ id }, n) => mutate(n % 2 ? "deleteApiToken" : "disableApiToken", { id })),
      );
      expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    });
  });

  describe("Idempotent creation", () => {
    const input = (idempotencyKey: string) => ({ name: "Once", moduleIds: [modules.catalogue], idempotencyKey });
    const count = async () => Number((await server().sql("SELECT COUNT(*) AS n FROM api_token"))[0].n);

    test("A repeated creation with one key returns the same token and value, and is audited", async () => {
      const first = await mutate("createApiToken", input("same"));
      const second = await mutate("createApiToken", input("same"));
      expect([second.apiToken.id, second.value]).toEqual([first.apiToken.id, first.value]);
      expect((await trailOf(first.apiToken.id)).map(({ event }) => event)).toEqual([
        "api_token.created",
        "api_token.revealed",
      ]);
    });

    test("Ten concurrent creations with one key create one token", async () => {
      const before = await count();
      const answers = await Promise.all(Array.from({ length: 10 }, () => mutate("createApiToken", input("parallel"))));
      expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
      expect(new Set(answers.map(({ apiToken, value }) => `${apiToken.id} ${value}`)).size).toBe(1);
      expect(await count()).toBe(before + 1);
    });

    test("A repeated creation with one key and different input is rejected", async () => {
      await mutate("createApiToken", input("other"));
      const { userErrors } = await mutate("createApiToken", { ...input("other"), name: "Twice" });
      expect(userErrors).toEqual([expect.objectContaining({ code: "INVALID", field: ["idempotencyKey"] })]);
    });

    test("A repeated creation does not return a rotated value", async () => {
      const { apiToken } = await mutate("createApiToken", input("rotated"));
      const rotated = await mutate("rotateApiToken", { id: apiToken.id });
      const again = await mutate("createApiToken", input("rotated"));
      expect(again).toMatchObject({
        apiToken: null,
        value: null,
        userErrors: [{ code: "INVALID", field: ["idempotencyKey"], message: expect.stringContaining("rotated") }],
      });
      expect(JSON.stringify(again)).not.toContain(rotated.value);
      expect((await trailOf(apiToken.id)).map(({ event }) => event)).toEqual([
        "api_token.created",
        "api_token.rotated",
      ]);
    });

    test("A repeated creation by a token returns no value if the new token has modules it cannot grant", async () => {
      const moduleIds = [modules.accessManagement, modules.catalogue];
      const creator = server().program((await server().createToken({ moduleIds })).value);
      const { apiToken } = await creator.mutate("createApiToken", input("widened"));
      await mutate("updateApiToken", { id: apiToken.id, moduleIds: [modules.catalogue, modules.orders] });
      const again = await creator.mutate("createApiToken", input("widened"));
      expect(again).toMatchObject({ value: null, userErrors: [{ code: "MODULE_NOT_ENABLED" }] });
    });

    test("A repeated creation counts toward the reveal limit", async () => {
      const client = await server().signIn("otherAdmin");
      const { value } = await client.mutate("createApiToken", input("often"));
      const repeat = () => client.ask(mutations.createApiToken ?? "", { input: input("often") });
      for (let reveal = 1; reveal <= 59; reveal++) await server().app.revealLimits.perPerson.take(people.otherAdmin.id);
      expect((await repeat()).data.createApiToken.value).toBe(value);
      const { status, text } = await repeat();
      expect([status, text.includes(value)]).toEqual([429, false]);
    });

    test("The same key from another person or after 24 hours creates another token", async () => {
      const first = await mutate("createApiToken", input("day"));
      const others = await (await server().as("otherAdmin")).mutate("createApiToken", input("day"));
      server().clock.advance(24 * 3_600_000 + 1_000);
      const admin = await server().signIn("admin");
      const later = await admin.mutate("createApiToken", input("day"));
      server().clock.advance(-24 * 3_600_000 - 1_000);
      expect(new Set([first, others, later].map(({ apiToken }) => apiToken.id)).size).toBe(3);
    });
  });
});

/** A token's status according to its trail. Throws if an event cannot follow the previous one. */
function statusAfter(events: string[]): ApiTokenStatus {
  let status: ApiTokenStatus = "ACTIVE";
  for (const event of events.slice(1)) {
    const action = actions.find((each) => mutationOf[each].event === event);
    if (!action || !lifeCycle[action].from.includes(status)) throw new Error(`${event} of a token that was ${status}`);
    status = lifeCycle[action].to ?? status;
  }
  return status;
}

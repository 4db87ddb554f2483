import { type Client, mutations, type UserError } from "./support/client.js";
import { modules } from "./support/platform.js";
import { runCommand } from "./support/programs.js";
import { type CreatedToken, useServer } from "./support/test-server.js";

const { accessManagement, catalogue, orders } = modules;
const soon = "2098-01-01T00:00:00.000Z";
const later = "2099-01-01T00:00:00.000Z";

describe("Delegated token management", () => {
  const server = useServer();
  const asAdmin = async (mutation: string, input: object) => {
    const { userErrors, apiToken } = await (await server().as("admin")).mutate(mutation, input);
    expect(userErrors).toEqual([]);
    return apiToken;
  };
  const program = async (input: object = {}): Promise<CreatedToken & { client: Client }> => {
    const token = await server().createToken({ moduleIds: [accessManagement, catalogue], ...input });
    return { ...token, client: server().program(token.value) };
  };
  const faults = async (client: Client, mutation: string, input: object) =>
    (await client.mutate(mutation, input)).userErrors.map(({ code, field }: UserError) => [code, ...(field ?? [])]);
  const codeOf = async (client: Client, mutation: string, input: object) => {
    const { data, errors } = await client.ask(mutations[mutation] ?? "", { input });
    return errors[0]?.extensions.code ?? data[mutation].userErrors[0]?.code ?? "done";
  };
  const isActive = async ({ value }: CreatedToken) =>
    (await server().program(value).fetch("/authorize")).status === 200;

  test("A token cannot enable a token that a person disabled, and the action is not offered", async () => {
    const parent = await program();
    const child = await server().createToken({ moduleIds: [accessManagement, catalogue] }, parent.client);
    await asAdmin("disableApiToken", { id: parent.id });
    const client = server().program(child.value);
    const offered = "query ($id: ID!) { apiToken(id: $id) { availableActions } }";
    expect((await client.data(offered, parent)).apiToken.availableActions).toEqual(["EDIT", "DELETE"]);
    expect(await codeOf(client, "enableApiToken", { id: parent.id })).toBe("FORBIDDEN");
    expect(await isActive(parent)).toBe(false);
  });

  test("A token cannot enable a token that an operator disabled on the command line", async () => {
    const { client } = await program();
    const other = await server().createToken();
    await runCommand(server().database.env, "tokens", "disable", other.id);
    expect(await codeOf(client, "enableApiToken", { id: other.id })).toBe("FORBIDDEN");
  });

  test("A token can enable a token that a token disabled", async () => {
    const { client } = await program();
    const other = await server().createToken();
    expect(await codeOf(client, "disableApiToken", { id: other.id })).toBe("done");
    const offered = "query ($id: ID!) { apiToken(id: $id) { availableActions } }";
    expect((await client.data(offered, other)).apiToken.availableActions).toContain("ENABLE");
    expect(await codeOf(client, "enableApiToken", { id: other.id })).toBe("done");
    expect(await isActive(other)).toBe(true);
  });

  test.each([
    ["a module it lacks", { moduleIds: [catalogue, orders] }, {}],
    ["a later expiry", { expiresAt: later }, { expiresAt: soon }],
    ["no expiry", {}, { expiresAt: soon }],
  ])("A token cannot enable a token with %s", async (_what, wide, own) => {
    const { client } = await program(own);
    const other = await server().createToken(wide);
    expect(await codeOf(client, "disableApiToken", { id: other.id })).toBe("done");
    expect(await codeOf(client, "enableApiToken", { id: other.id })).toBe("FORBIDDEN");
    expect(await isActive(other)).toBe(false);
  });

  test("A token cannot create a token that expires later than itself", async () => {
    const { client } = await program({ expiresAt: soon });
    const created = (expiresAt: string | null) => ({ name: "Child", moduleIds: [catalogue], expiresAt });
    expect(await faults(client, "createApiToken", created(later))).toEqual([["INVALID", "expiresAt"]]);
    expect(await faults(client, "createApiToken", created(null))).toEqual([["INVALID", "expiresAt"]]);
    expect(await faults(client, "createApiToken", created(soon))).toEqual([]);
  });

  test("A token’s expiry is the default for tokens it creates", async () => {
    const { client } = await program({ expiresAt: soon });
    const { apiToken } = await client.mutate("createApiToken", { name: "Child", moduleIds: [catalogue] });
    expect(apiToken.expiresAt).toBe(soon);
    const endless = await program();
    const child = await endless.client.mutate("createApiToken", { name: "Child", moduleIds: [catalogue] });
    expect(child.apiToken.expiresAt).toBeNull();
  });

  test("A token can shorten any token’s expiry but extend none beyond its own", async () => {
    const { client } = await program({ expiresAt: soon });
    const { id } = await server().createToken({ expiresAt: "2097-01-01T00:00:00.000Z" });
    const edit = (expiresAt: string | null) => faults(client, "updateApiToken", { id, expiresAt });
    expect(await edit(later)).toEqual([["INVALID", "expiresAt"]]);
    expect(await edit(null)).toEqual([["INVALID", "expiresAt"]]);
    expect(await edit(soon)).toEqual([]);
    expect(await edit("2096-01-01T00:00:00.000Z")).toEqual([]);
    const endless = await server().createToken();
    expect(await faults(client, "updateApiToken", { id: endless.id, expiresAt: later })).toEqual([]);
  });

  test("A token cannot revive an expired token that has a module it lacks", async () => {
    const { clock } = server();
    const { client } = await program();
    const expiresAt = new Date(clock.now().getTime() + 60_000).toISOString();
    const wide = await server().createToken({ moduleIds: [catalogue, orders], expiresAt });
    clock.advance(61_000);
    expect(await isActive(wide)).toBe(false);
    const revive = { id: wide.id, expiresAt: null };
    expect(await faults(client, "updateApiToken", revive)).toEqual([["MODULE_NOT_ENABLED", "expiresAt"]]);
    expect(await isActive(wide)).toBe(false);
  });

  test("A token cannot grant a module to a token that outlives it", async () => {
    const { client } = await program({ expiresAt: soon });
    const { id } = await server().createToken({ moduleIds: [orders] });
    const grant = { id, moduleIds: [orders, catalogue] };
    expect(await faults(client, "updateApiToken", grant)).toEqual([["INVALID", "expiresAt"]]);
    expect(await faults(client, "updateApiToken", { ...grant, expiresAt: soon })).toEqual([]);
  });

  test("A token can rename a token with more access than itself and remove its modules", async () => {
    const { client } = await program({ expiresAt: soon });
    const { id } = await server().createToken({ moduleIds: [catalogue, orders] });
    expect(await faults(client, "updateApiToken", { id, name: "Renamed", moduleIds: [orders] })).toEqual([]);
  });
});

describe("Token descendants", () => {
  const server = useServer();

  /** A token, its child, its grandchild, and an unrelated token. */
  async function family() {
    const moduleIds = [accessManagement, catalogue];
    const parent = await server().createToken({ name: "Parent", moduleIds });
    const child = await server().createToken({ name: "Child", moduleIds }, server().program(parent.value));
    const grandchild = await server().createToken({ name: "Grandchild", moduleIds }, server().program(child.value));
    return { parent, child, grandchild, other: await server().createToken({ name: "Other" }) };
  }
  const statusOf = async (token: CreatedToken) => (await server().program(token.value).fetch("/authorize")).status;
  const statuses = (tokens: CreatedToken[]) => Promise.all(tokens.map(statusOf));
  const countOf = async ({ id }: CreatedToken) =>
    (
      await (
        await server().as("auditor")
      ).data("query ($id: ID!) { apiToken(id: $id) { activeDescendantCount } }", { id })
    ).apiToken.activeDescendantCount;
  const revoke = async (mutation: string, input: object) => {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { ${mutation}(input: $input) { disabledDescendants { id status } userErrors { code } } }`;
    return (await (await server().as("admin")).data(document, { input }))[mutation];
  };

  test("Active descendants are counted down to the last generation", async () => {
    const { parent, child, grandchild } = await family();
    expect([await countOf(parent), await countOf(child), await countOf(grandchild)]).toEqual([2, 1, 0]);
    await revoke("disableApiToken", { id: child.id });
    expect([await countOf(parent), await countOf(child)]).toEqual([1, 1]);
  });

  test.each(["disableApiToken", "deleteApiToken"])(
    "The mutation %s with includeDescendants disables every descendant and records each",
    async (mutation) => {
      const { parent, child, grandchild, other } = await family();
      const { disabledDescendants } = await revoke(mutation, { id: parent.id, includeDescendants: true });
      expect(disabledDescendants.toSorted((a: CreatedToken, b: CreatedToken) => (a.id < b.id ? -1 : 1))).toEqual(
        [child, grandchild].map(({ id }) => ({ id, status: "DISABLED" })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      );
      expect(await statuses([parent, child, grandchild, other])).toEqual([401, 401, 401, 200]);
      for (const { id } of [child, grandchild]) {
        const records = await server().trail("admin", { objectIds: [id] });
        expect(records.at(-1)).toMatchObject({ event: "api_token.disabled", actor: { name: "Ada Admin" } });
      }
      expect(await countOf(other)).toBe(0);
    },
  );

  test("Disabling a token leaves its descendants active by default", async () => {
    const { parent, child, grandchild } = await family();
    expect((await revoke("disableApiToken", { id: parent.id })).disabledDescendants).toEqual([]);
    expect(await statuses([parent, child, grandchild])).toEqual([401, 200, 200]);
  });

  test("Disabling descendants changes nothing if the caller is one of them", async () => {
    const { parent, child, grandchild } = await family();
    const { errors } = await server()
      .program(grandchild.value)
      .ask(mutations.disableApiToken ?? "", { input: { id: parent.id, includeDescendants: true } });
    expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
    expect(await statuses([parent, child, grandchild])).toEqual([200, 200, 200]);
  });
});

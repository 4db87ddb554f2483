import { request } from "node:http";
import { type Client, type GraphqlAnswer, mutations, queries } from "./support/client.js";
import { accounts, modules, password, people, platformWithRoles, testPlatform } from "./support/platform.js";
import { useServer } from "./support/test-server.js";

// The `Hallpass-Account` header names the account of a request.

/** The same session in a tab for this account. */
const tab = (client: Client, account: string) => client.copy({ "Hallpass-Account": account });
const viewerOf = async (client: Client) => (await client.data(queries.viewer)).viewer;
const tokensOf = async (client: Client): Promise<string[]> =>
  (await client.data("{ apiTokens(first: 100) { nodes { id } } }")).apiTokens.nodes.map(({ id }: { id: string }) => id);
const refusal = ({ status, errors }: GraphqlAnswer) => [status, errors[0]?.extensions.code];
const forbidden = [403, "FORBIDDEN"];
const unknownAccount = "ACC-9999-9999";
const onePixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe("Hallpass-Account header", () => {
  const server = useServer();
  /** Administrator of the client account, where the session is, and auditor of the vendor account. */
  let consultant: Client;
  beforeEach(async () => {
    consultant = await server().signIn("consultant");
    await consultant.data(mutations.switchAccount ?? "", { input: { accountId: accounts.client } });
  });

  test("A request that names an account is answered there, with the person’s role in it", async () => {
    const vendor = tab(consultant, accounts.vendor);
    expect(await viewerOf(vendor)).toMatchObject({ role: "AUDITOR", account: { id: accounts.vendor, name: "Vendor" } });
    const [theirs, mine] = [await server().createToken({}, "vendorAdmin"), await server().createToken({}, consultant)];
    expect(await tokensOf(vendor)).toEqual([theirs.id]);
    const create = { input: { name: "Not an auditor's to make", moduleIds: [modules.catalogue] } };
    expect(refusal(await vendor.ask(mutations.createApiToken ?? "", create))).toEqual(forbidden);
    expect((await vendor.mutate("disableApiToken", { id: mine.id }).catch(String)).toString()).toContain("FORBIDDEN");
    expect(await tokensOf(tab(consultant, accounts.client))).toContain(mine.id);
  });

  test("A request that names an account is unaffected by a switch in another tab", async () => {
    const here = tab(consultant, accounts.client);
    await consultant.data(mutations.switchAccount ?? "", { input: { accountId: accounts.vendor } });
    const { id } = await server().createToken({ name: "Made here" }, here);
    expect(await tokensOf(tab(await server().signIn("admin"), accounts.client))).toContain(id);
    expect(await viewerOf(consultant)).toMatchObject({ role: "AUDITOR", account: { id: accounts.vendor } });
  });

  test("A change is recorded in the named account’s trail", async () => {
    const { id } = await server().createToken({}, tab(consultant, accounts.client));
    await consultant.data(mutations.switchAccount ?? "", { input: { accountId: accounts.vendor } });
    await tab(consultant, accounts.client).mutate("disableApiToken", { id });
    await tab(consultant, accounts.client).data(mutations.signOut ?? "");
    const inClient = (await server().trail("admin")).filter(({ ip }) => ip === consultant.address);
    expect(inClient.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["api_token.created", "api_token.disabled", "user.signed_out"]),
    );
    const inVendor = (await server().trail("vendorAdmin")).filter(({ ip }) => ip === consultant.address);
    expect(inVendor.at(-1)).toMatchObject({ event: "user.switched_account" });
    expect(await viewerOf(consultant)).toBeNull();
  });

  test("An account in which the person has no role is denied like an unknown one", async () => {
    const asked = [
      [queries.viewer, {}],
      ["{ apiTokens { nodes { id } } }", {}],
      [mutations.createApiToken, { input: { name: "No", moduleIds: [modules.catalogue] } }],
      [mutations.switchAccount, { input: { accountId: accounts.client } }],
      [mutations.signOut, {}],
    ] as const;
    for (const [document = "", variables] of asked) {
      const theirs = await tab(consultant, accounts.operations).ask(document, variables);
      const unknown = await tab(consultant, unknownAccount).ask(document, variables);
      expect(refusal(theirs)).toEqual(forbidden);
      expect(theirs.errors[0]?.extensions.missingRoleIn).toBe(accounts.operations);
      expect([unknown.status, unknown.text.replaceAll(unknownAccount, accounts.operations)]).toEqual([
        theirs.status,
        theirs.text,
      ]);
    }
    expect(await viewerOf(consultant)).toMatchObject({ account: { id: accounts.client } });
  });

  test("A named account is denied while the person has no role in it", async () => {
    const vendor = tab(consultant, accounts.vendor);
    expect(await viewerOf(vendor)).toMatchObject({ role: "AUDITOR" });
    await server().apply(platformWithRoles("consultant", { [accounts.client]: "ADMIN" }));
    expect(refusal(await vendor.ask(queries.viewer))).toEqual(forbidden);
    expect(await viewerOf(consultant)).toMatchObject({ account: { id: accounts.client } });
    await server().apply(testPlatform());
    expect(await viewerOf(vendor)).toMatchObject({ role: "AUDITOR" });
  });

  test("A closed account is denied like an unknown one", async () => {
    const platform = testPlatform();
    const open = { ...platform, accounts: platform.accounts.filter(({ id }) => id !== accounts.vendor) };
    const users = open.users
      .map((user) => ({
        ...user,
        roles: Object.fromEntries(Object.entries(user.roles).filter(([id]) => id !== accounts.vendor)),
      }))
      .filter(({ roles }) => Object.keys(roles).length > 0);
    await server().apply({ ...open, users }, { prune: true, force: true });
    const closed = await tab(consultant, accounts.vendor).ask(queries.viewer);
    const unknown = await tab(consultant, unknownAccount).ask(queries.viewer);
    expect([closed.status, closed.text]).toEqual([403, unknown.text.replaceAll(unknownAccount, accounts.vendor)]);
    await server().apply(platform);
    expect(await viewerOf(tab(consultant, accounts.vendor))).toMatchObject({ account: { id: accounts.vendor } });
  });

  test("A request that switches accounts otherwise stays in the named account", async () => {
    const document = `mutation ($switch: SwitchAccountInput!, $create: CreateApiTokenInput!) {
      switchAccount(input: $switch) { viewer { account { id } role } }
      createApiToken(input: $create) { apiToken { id account { id } } userErrors { code } }
    }`;
    const variables = {
      switch: { accountId: accounts.vendor },
      create: { name: "Here", moduleIds: [modules.catalogue] },
    };
    const { switchAccount, createApiToken } = await tab(consultant, accounts.client).data(document, variables);
    expect(switchAccount.viewer).toEqual({ account: { id: accounts.vendor }, role: "AUDITOR" });
    expect(createApiToken.apiToken.account).toEqual({ id: accounts.client });
  });

  test("A sign-in that names an account is rejected", async () => {
    const client = server().nobody();
    const input = { email: people.admin.email, password };
    const answer = await tab(client, accounts.client).ask(mutations.signIn ?? "", { input });
    expect(refusal(answer)).toEqual([400, "BAD_USER_INPUT"]);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await server().trail("admin", { events: ["user.signed_in"] })).not.toContainEqual(
      expect.objectContaining({ ip: client.address }),
    );
  });

  test("A request without a session is anonymous in a named account", async () => {
    const nobody = tab(server().nobody(), accounts.client);
    expect(await viewerOf(nobody)).toBeNull();
    expect(refusal(await nobody.ask("{ apiTokens { nodes { id } } }"))).toEqual([401, "UNAUTHENTICATED"]);
  });

  test("An API token can name only its own account", async () => {
    const { value } = await server().createToken({ moduleIds: [modules.accessManagement] });
    const program = (account: string) => server().program(value).with({ "Hallpass-Account": account });
    expect(await viewerOf(program(accounts.client))).toMatchObject({ account: { id: accounts.client } });
    const theirs = await program(accounts.vendor).ask(queries.viewer);
    const unknown = await program(unknownAccount).ask(queries.viewer);
    expect(refusal(theirs)).toEqual(forbidden);
    expect(unknown.text.replaceAll(unknownAccount, accounts.vendor)).toBe(theirs.text);
  });

  test.each(["", "ACC-1", "acc-0001-0002", "USR-1000-0004", "client", `${accounts.client},${accounts.client}`, "*"])(
    "The account ID %j is rejected instead of ignored",
    async (name) => {
      const { value } = await server().createToken();
      for (const client of [consultant, server().nobody(), server().program(value)])
        expect(refusal(await tab(client, name).ask(queries.viewer))).toEqual([400, "BAD_USER_INPUT"]);
      for (const path of ["/icons/TKN-0000-0000", "/exports/audit-trail.csv"])
        expect((await tab(consultant, name).fetch(path)).status).toBe(400);
    },
  );

  test("A repeated header is rejected even if both values are the same", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = {
        "Content-Type": "application/json",
        Cookie: `hallpass=${consultant.cookies.get("hallpass")}`,
        "Hallpass-Account": [accounts.client, accounts.client],
      };
      request(new URL("/graphql", server().url), { method: "POST", headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on("error", reject)
        .end(JSON.stringify({ query: queries.viewer }));
    });
    expect(status).toBe(400);
  });

  test("An export contains the named account’s trail", async () => {
    const answer = await tab(consultant, accounts.vendor).fetch("/exports/audit-trail.jsonl");
    expect(answer.headers.get("content-disposition")).toContain(`audit-trail-${accounts.vendor}.jsonl`);
    const records = (await answer.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(new Set(records.map(({ accountId }) => accountId))).toEqual(new Set([accounts.vendor]));
    expect(records.at(-1)).toMatchObject({ event: "audit_trail.exported", actorId: people.consultant.id });

    const refused = await tab(consultant, accounts.operations).fetch("/exports/audit-trail.jsonl");
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ code: "FORBIDDEN", missingRoleIn: accounts.operations }),
    ]);
  });
});

describe("Logos across accounts", () => {
  const server = useServer();
  const logoOf = async (client: Client, id: string) => {
    const answer = await client.fetch(`/icons/${id}`);
    return { status: answer.status, vary: answer.headers.get("vary"), text: await answer.text() };
  };
  const withLogo = (by: "admin" | "vendorAdmin" | "operator") => server().createToken({ icon: onePixel }, by);

  test("A logo is shown to a person with a role in its account, whichever account their session is in", async () => {
    const consultant = await server().signIn("consultant");
    for (const by of ["admin", "vendorAdmin"] as const) {
      const { id } = await withLogo(by);
      expect(await logoOf(consultant, id)).toMatchObject({ status: 200, vary: expect.stringContaining("Cookie") });
    }
  });

  test("A logo is not found by a person without a role in its account", async () => {
    const { id } = await withLogo("operator");
    for (const person of ["consultant", "admin"] as const) {
      const client = await server().signIn(person);
      const none = await logoOf(client, "TKN-0000-0000");
      expect(none.status).toBe(404);
      expect(await logoOf(client, id)).toEqual(none);
    }
  });

  test("A logo is shown only in its own account if the request names one", async () => {
    const consultant = await server().signIn("consultant");
    const { id } = await withLogo("vendorAdmin");
    expect((await logoOf(tab(consultant, accounts.vendor), id)).status).toBe(200);
    expect((await logoOf(tab(consultant, accounts.client), id)).status).toBe(404);
    expect((await logoOf(tab(consultant, accounts.operations), id)).status).toBe(403);
  });

  test("A deleted token’s logo is shown only to people of an OPERATIONS account", async () => {
    const [consultant, operator] = [await server().signIn("consultant"), await server().signIn("operator")];
    for (const [by, client, status] of [
      ["vendorAdmin", consultant, 404],
      ["operator", operator, 200],
    ] as const) {
      const { id } = await withLogo(by);
      await (await server().as(by)).mutate("deleteApiToken", { id });
      expect((await logoOf(client, id)).status).toBe(status);
    }
  });

  test("A logo is hidden once the person’s role in its account is removed", async () => {
    const consultant = await server().signIn("consultant");
    await consultant.data(mutations.switchAccount ?? "", { input: { accountId: accounts.client } });
    const { id } = await withLogo("vendorAdmin");
    expect((await logoOf(consultant, id)).status).toBe(200);
    await server().apply(platformWithRoles("consultant", { [accounts.client]: "ADMIN" }));
    expect((await logoOf(consultant, id)).status).toBe(404);
    await server().apply(testPlatform());
  });
});

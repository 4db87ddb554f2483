import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Platform, parsePlatform } from "../../src/features/platform/platform-file.js";
import type { Client, Data } from "../support/client.js";
import { type CommandResult, runCommand } from "../support/command-line.js";
import { accounts, modules, type Person, people, testPlatform } from "../support/platform.js";
import { holdsWithinTheBound, until } from "../support/programs.js";
import { type CreatedToken, TestServer, useServer } from "../support/test-server.js";

/** The applied test platform without these entries and references to them. */
function without(...ids: string[]): Platform {
  const { modules: all, accounts: some, users } = testPlatform();
  const isLeft = ({ id }: { id: string }) => !ids.includes(id);
  return {
    modules: all.filter(isLeft),
    accounts: some.filter(isLeft).map((account) => ({
      ...account,
      modules: account.modules.filter((id) => !ids.includes(id)),
    })),
    users: users.filter(isLeft).map(({ password: _, roles, ...user }) => ({
      ...user,
      roles: Object.fromEntries(Object.entries(roles).filter(([id]) => !ids.includes(id))),
    })),
  };
}

const prune = { prune: true };

/** A new server for each test. */
function useFreshServer(): () => TestServer {
  let server: TestServer | undefined;
  beforeEach(async () => {
    server = await TestServer.start();
  });
  afterEach(() => server?.close());
  return () => server as TestServer;
}

const check = async (server: TestServer, { value }: CreatedToken, module = "") =>
  (await server.program(value).fetch(`/authorize${module && `?module=${module}`}`)).status;

const viewerOf = async (session: Client) => (await session.data("{ viewer { account { id } } }")).viewer;

const signInCodes = async (server: TestServer, person: Person) => {
  const { userErrors } = await server
    .nobody()
    .mutate("signIn", { email: people[person].email, password: "correct horse battery" });
  return userErrors.map(({ code }: Data) => code);
};

describe("Removed people", () => {
  const server = useServer();
  afterEach(() => server().apply(testPlatform(), prune));

  test("An unlisted person keeps access until --prune, which ends it at once and keeps their name in the history", async () => {
    const session = await server().signIn("otherAdmin");
    const token = await server().createToken({ name: "Bo’s robot" }, session);
    expect(await server().apply(without(people.otherAdmin.id))).toEqual([]);
    expect(await viewerOf(session)).not.toBeNull();

    expect(await server().apply(without(people.otherAdmin.id), prune)).toEqual([
      `user ${people.otherAdmin.id} no longer has a role in ${accounts.client}`,
      `user ${people.otherAdmin.id} removed: Bo Admin`,
    ]);
    expect(await viewerOf(session)).toBeNull();
    expect(await signInCodes(server(), "otherAdmin")).toEqual(["WRONG_CREDENTIALS"]);

    const admin = await server().signIn("admin");
    const { users, apiToken } = await admin.data(
      "query ($id: ID!) { users { id } apiToken(id: $id) { status createdBy { __typename name } } }",
      { id: token.id },
    );
    expect(users).not.toContainEqual({ id: people.otherAdmin.id });
    expect(apiToken).toEqual({ status: "ACTIVE", createdBy: { __typename: "FormerActor", name: "Bo Admin" } });
    expect(await check(server(), token)).toBe(200);
  });

  test("A person’s removal is recorded in each of their accounts and in the operator’s", async () => {
    await server().apply(without(people.consultant.id), prune);
    const filter = { events: ["user.removed"], objectIds: [people.consultant.id] };
    for (const reader of ["admin", "vendorAdmin", "operator"] as const) {
      const [record, ...others] = await server().trail(await server().signIn(reader), filter);
      expect(record).toMatchObject({ objectName: "Dan Consultant", actor: null });
      expect(others).toEqual([]);
    }
  });

  test("A removed person’s email address is available to another person in the same file", async () => {
    const platform = without(people.otherAdmin.id);
    const heir = {
      id: "USR-3000-0001",
      name: "Heir",
      email: people.otherAdmin.email,
      password: "correct horse battery",
    };
    platform.users.push({ ...heir, roles: { [accounts.client]: "ADMIN" } });
    await server().apply(platform, prune);
    expect((await server().signIn("otherAdmin")).cookies.size).toBe(1);
  });
});

describe("Closed accounts", () => {
  const server = useServer();
  afterEach(() => server().apply(testPlatform()));

  test("An unlisted account stays open until --prune, which denies its tokens everywhere until it is reopened", async () => {
    const verifier = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
    const token = await server().createToken({ moduleIds: [modules.accessManagement] }, "vendorAdmin");
    const doors = async () => {
      const introspected = await server()
        .program(verifier.value)
        .fetch("/oauth2/introspect", { method: "POST", body: new URLSearchParams({ token: token.value }) });
      return {
        authorize: await check(server(), token),
        withModule: await check(server(), token, modules.accessManagement),
        graphql: (await server().program(token.value).ask("{ viewer { account { id } } }")).status,
        active: ((await introspected.json()) as Data).active,
      };
    };
    const open = { authorize: 200, withModule: 200, graphql: 200, active: true };
    expect(await server().apply(without(accounts.vendor, people.vendorAdmin.id, modules.helpdesk))).toContain(
      `user ${people.consultant.id} no longer has a role in ${accounts.vendor}`,
    );
    expect(await doors()).toEqual(open);

    const changes = await server().apply(without(accounts.vendor, people.vendorAdmin.id), prune);
    expect(changes).toContain(`account ${accounts.vendor} closed: Vendor`);
    expect(changes).toContain(`account ${accounts.vendor} has 1 active token, now denied`);
    expect(await doors()).toEqual({ authorize: 401, withModule: 401, graphql: 401, active: false });
    expect(server().log.join("\n")).toContain('"reason":"account_closed"');
    const metrics = await (await server().nobody().fetch("/metrics")).text();
    expect(metrics).toMatch(/hallpass_checks_total\{outcome="account_closed"\} [1-9]/);

    expect(await server().apply(testPlatform())).toContain(`account ${accounts.vendor} reopened: Vendor`);
    expect(await doors()).toEqual(open);
    const records = await server().trail(await server().signIn("vendorAdmin"));
    const events = records.map(({ event }) => event).filter((event) => /^account\.(closed|reopened)/.test(event));
    expect(events).toEqual(["account.closed", "account.reopened"]);
    const filter = { events: ["account.closed", "account.reopened"] };
    expect((await server().trail("operator", filter)).map(({ objectId }) => objectId)).toEqual([
      accounts.vendor,
      accounts.vendor,
    ]);
  });

  test("A closed account allows no session, sign-in or switch, and reopening it revives no session", async () => {
    const vendorAdmin = await server().signIn("vendorAdmin");
    const inVendor = await server().signIn("consultant");
    await inVendor.mutate("switchAccount", { accountId: accounts.vendor });
    const inClient = await server().signIn("consultant");
    await inClient.mutate("switchAccount", { accountId: accounts.client });
    await server().apply(without(accounts.vendor, people.vendorAdmin.id), prune);
    expect([await viewerOf(vendorAdmin), await viewerOf(inVendor)]).toEqual([null, null]);
    expect(await viewerOf(inClient)).toEqual({ account: { id: accounts.client } });
    const { userErrors } = await inClient.mutate("switchAccount", { accountId: accounts.vendor });
    expect(userErrors).toMatchObject([{ code: "NOT_FOUND" }]);
    expect((await inClient.data("{ viewer { accounts { id } } }")).viewer.accounts).toEqual([{ id: accounts.client }]);
    expect(await signInCodes(server(), "vendorAdmin")).toEqual(["WRONG_CREDENTIALS"]);

    await server().apply(testPlatform());
    expect([await viewerOf(vendorAdmin), await viewerOf(inVendor)]).toEqual([null, null]);
    expect(await signInCodes(server(), "vendorAdmin")).toEqual([]);
  });

  test("A leftover role in a closed account allows no sign-in to it", async () => {
    await server().sql("UPDATE account SET closed_at = ? WHERE id = ?", [
      new Date().toISOString().slice(0, 19),
      accounts.vendor,
    ]);
    expect(await signInCodes(server(), "vendorAdmin")).toEqual(["WRONG_CREDENTIALS"]);
    expect(await viewerOf(await server().signIn("consultant"))).toEqual({ account: { id: accounts.client } });
  });

  test("The command line creates no token in a closed account", async () => {
    const platform = without(accounts.vendor, people.vendorAdmin.id);
    await server().apply(platform, prune);
    const folder = mkdtempSync(join(tmpdir(), "hallpass-test-"));
    const args = ["tokens", "create", "--account", accounts.vendor, "--name", "Late", "--module", modules.catalogue];
    const { status, out, err } = await runCommand(args, folder, server().database.env);
    rmSync(folder, { recursive: true });
    expect({ status, out, err }).toEqual({ status: 1, out: "", err: `The account ${accounts.vendor} is closed.\n` });
  });
});

describe("Changes in flight when access ends", () => {
  const server = useServer();
  afterEach(() => server().apply(testPlatform(), prune));

  /** Creates tokens, four at a time, until denied, and returns how many were created. */
  async function addUntilRefused(client: Client): Promise<number> {
    let added = 0;
    const add = async () => {
      for (;;) {
        const { data, errors } = await client.ask(
          'mutation { createApiToken(input: { name: "Late", moduleIds: ["MOD-1255"] }) { value } }',
        );
        if (errors.length > 0 || !data?.createApiToken.value) return;
        added++;
      }
    };
    await Promise.all([add(), add(), add(), add()]);
    return added;
  }

  const after = (records: Data[], event: string) => {
    const end = records.findLastIndex((record) => record.event === event);
    expect(end).toBeGreaterThan(0);
    return records.slice(end + 1).map((record) => record.event);
  };

  test("A removed person creates nothing after their removal", async () => {
    const session = await server().signIn("otherAdmin");
    const adding = addUntilRefused(session);
    await until(async () => (await server().trail("admin", { events: ["api_token.created"] })).length > 3);
    await server().apply(without(people.otherAdmin.id), prune);
    expect(await adding).toBeGreaterThan(3);
    const trail = await server().trail("admin", { events: ["api_token.created", "user.removed"] });
    expect(after(trail, "user.removed")).toEqual([]);
  });

  test("A closed account’s token creates nothing after the closing", async () => {
    const { value } = await server().createToken({ moduleIds: [modules.accessManagement] }, "vendorAdmin");
    const adding = addUntilRefused(server().program(value));
    await until(async () => (await server().trail("vendorAdmin", { events: ["api_token.created"] })).length > 3);
    await server().apply(without(accounts.vendor, people.vendorAdmin.id), prune);
    expect(await adding).toBeGreaterThan(2);
    await server().apply(testPlatform());
    const reader = await server().signIn("vendorAdmin");
    expect(after(await server().trail(reader), "account.closed")).not.toContain("api_token.created");
  });
});

describe("Lost modules", () => {
  const server = useFreshServer();
  const clientWithout = (module: string): Platform => {
    const platform = without();
    const narrowed = platform.accounts.map((account) =>
      account.id === accounts.client
        ? { ...account, modules: account.modules.filter((each) => each !== module) }
        : account,
    );
    return { ...platform, accounts: narrowed };
  };
  const modulesOf = async (session: Client, id: string) => {
    const { apiToken } = await session.data(
      "query ($id: ID!) { apiToken(id: $id) { version moduleCount modules { id } events { kind by { id } } } }",
      { id },
    );
    return { ...apiToken, modules: apiToken.modules.map((each: Data) => each.id) };
  };

  test("A module lost by an account is removed from its tokens, with a record each, until regranted", async () => {
    const admin = await server().as("admin");
    const both = await server().createToken({ name: "Both", moduleIds: [modules.catalogue, modules.orders] });
    const only = await server().createToken({ name: "Only", moduleIds: [modules.orders] });
    const other = await server().createToken({ name: "Other", moduleIds: [modules.catalogue] });
    const deleted = await server().createTokenThatIs("DELETED", { moduleIds: [modules.orders] });
    const vendors = await server().createToken({ moduleIds: [modules.orders] }, "vendorAdmin");

    expect(await server().apply(clientWithout(modules.orders))).toEqual([
      `account ${accounts.client} may no longer use ${modules.orders}`,
      `2 tokens of account ${accounts.client} lost ${modules.orders}`,
      `account ${accounts.client} has 3 modules`,
    ]);
    expect(await modulesOf(admin, both.id)).toMatchObject({
      version: both.version + 1,
      moduleCount: 1,
      modules: [modules.catalogue],
      events: [{ kind: "CREATED" }, { kind: "UPDATED", by: null }],
    });
    expect(await modulesOf(admin, only.id)).toMatchObject({ version: only.version + 1, moduleCount: 0, modules: [] });
    expect(await modulesOf(admin, other.id)).toMatchObject({ version: other.version, moduleCount: 1 });
    const records = await server().trail("admin", { events: ["api_token.updated"] });
    const changes = records.map(({ objectId, details }) => [
      objectId,
      JSON.parse(details).before,
      JSON.parse(details).after,
    ]);
    expect(changes.sort()).toEqual(
      [
        [both.id, { moduleIds: [modules.catalogue, modules.orders] }, { moduleIds: [modules.catalogue] }],
        [only.id, { moduleIds: [modules.orders] }, { moduleIds: [] }],
      ].sort(),
    );
    expect(await server().trail("operator", { events: ["api_token.updated"] })).toEqual([]);
    expect(await server().trail("admin", { objectIds: [deleted.id] })).toHaveLength(2);
    expect([await check(server(), both), await check(server(), both, modules.orders)]).toEqual([200, 403]);
    expect(await check(server(), vendors, modules.orders)).toBe(200);

    await server().apply(without());
    expect([await check(server(), both, modules.orders), await check(server(), only, modules.orders)]).toEqual([
      403, 403,
    ]);
    await admin.mutate("updateApiToken", { id: both.id, moduleIds: [modules.catalogue, modules.orders] });
    expect(await check(server(), both, modules.orders)).toBe(200);
  });

  test("A module left on tokens by an earlier version is removed when the account regains it", async () => {
    const token = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
    await server().sql("DELETE FROM account_module WHERE account_id = ? AND module_id = ?", [
      accounts.client,
      modules.orders,
    ]);
    expect(await server().apply(without())).toContain(`1 token of account ${accounts.client} lost ${modules.orders}`);
    expect(await check(server(), token, modules.orders)).toBe(403);
  });

  test("An edit begun before the loss is rejected as stale", async () => {
    const admin = await server().as("admin");
    const token = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
    await server().apply(clientWithout(modules.orders));
    const { userErrors } = await admin.mutate("updateApiToken", { id: token.id, version: token.version, name: "New" });
    expect(userErrors).toMatchObject([{ code: "VERSION_CONFLICT" }]);
  });

  test("Lists filter and order by the remaining modules", async () => {
    await server().createToken({ name: "Robot 1", moduleIds: [modules.catalogue, modules.orders] });
    await server().createToken({ name: "Robot 2", moduleIds: [modules.orders] });
    await server().apply(clientWithout(modules.orders));
    const { apiTokens } = await (await server().as("admin")).data(
      `query ($id: ID!) { apiTokens(first: 10, filter: { moduleIds: [$id] }) { totalCount nodes { name } } }`,
      { id: modules.orders },
    );
    expect(apiTokens).toEqual({ totalCount: 0, nodes: [] });
    const { apiTokens: byCount } = await (await server().as("admin")).data(
      "{ apiTokens(first: 10, orderBy: [{ field: MODULE_COUNT, direction: ASC }]) { nodes { name moduleCount } } }",
    );
    expect(byCount.nodes).toEqual([
      { name: "Robot 2", moduleCount: 0 },
      { name: "Robot 1", moduleCount: 1 },
    ]);
  });

  test("A token created concurrently does not keep the lost module", async () => {
    const admin = await server().as("admin");
    const create = () => admin.mutate("createApiToken", { name: "Racer", moduleIds: [modules.orders] });
    let tokens = 0;
    for (let round = 0; round < 5; round++) {
      const before = [create(), create(), create()];
      await Promise.race(before);
      const created = [...before, create(), create(), create()];
      await Promise.all([server().apply(clientWithout(modules.orders)), ...created]);
      await server().apply(without());
      for (const { value } of await Promise.all(created))
        if (value) expect(await check(server(), { value } as CreatedToken, modules.orders)).toBe(403);
      tokens += (await Promise.all(created)).filter(({ value }) => value).length;
    }
    expect(tokens).toBeGreaterThanOrEqual(5);
  });
});

describe("Removed modules", () => {
  const server = useFreshServer();

  test("An unlisted module stays until --prune removes it from accounts and tokens, including closed and deleted ones", async () => {
    const token = await server().createToken({ moduleIds: [modules.helpdesk, modules.catalogue] }, "vendorAdmin");
    await server().createTokenThatIs("DELETED", { moduleIds: [modules.helpdesk, modules.catalogue] }, "vendorAdmin");
    // The file no longer lists the module, but it still exists.
    await server().apply({ ...without(), modules: without(modules.helpdesk).modules });
    expect(await check(server(), token, modules.helpdesk)).toBe(200);

    const changes = await server().apply(without(accounts.vendor, people.vendorAdmin.id, modules.helpdesk), prune);
    expect(changes).toEqual(
      expect.arrayContaining([
        `account ${accounts.vendor} closed: Vendor`,
        `account ${accounts.vendor} may no longer use ${modules.helpdesk}`,
        `1 token of account ${accounts.vendor} lost ${modules.helpdesk}`,
        `module ${modules.helpdesk} removed: Helpdesk`,
      ]),
    );
    const counts = await server().sql("SELECT status, module_count AS count FROM api_token ORDER BY status");
    expect(counts).toEqual([
      { status: "ACTIVE", count: 1 },
      { status: "DELETED", count: 1 },
    ]);
    const [removed] = await server().trail("operator", { events: ["module.removed"] });
    expect(removed).toMatchObject({ objectId: modules.helpdesk, objectName: "Helpdesk" });

    await server().apply(testPlatform());
    expect([await check(server(), token, modules.helpdesk), await check(server(), token)]).toEqual([403, 200]);
    const vendor = await server().signIn("vendorAdmin");
    expect(await server().trail(vendor, { events: ["module.removed"] })).toHaveLength(1);
  });
});

describe("Apply command", () => {
  const server = useServer();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hallpass-test-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const apply = (platform: object, ...options: string[]): Promise<CommandResult> => {
    const file = join(folder, "platform.json");
    writeFileSync(file, JSON.stringify(platform));
    return runCommand(["apply", file, ...options], folder, server().database.env);
  };
  const tables = ["module", "account", "account_module", "user", "membership", "session"];
  const everything = async () => {
    const rows: Record<string, unknown> = {};
    for (const table of [...tables, "api_token_module", "api_token_event", "audit_head", "audit_record"])
      rows[table] = await server().sql(`SELECT * FROM ${table}`);
    // The other columns of a token may change meanwhile.
    rows.api_token = await server().sql("SELECT id, status, module_count, created_by_name, version FROM api_token");
    return rows;
  };
  const leaver = people.otherAdmin.id;
  const smaller = () => without(leaver, accounts.vendor, people.vendorAdmin.id, people.consultant.id, modules.helpdesk);

  test("Apply lists what the file omits and leaves it unchanged", async () => {
    const before = await everything();
    const { status, out, err } = await apply(
      without(leaver, accounts.vendor, people.vendorAdmin.id, people.consultant.id),
    );
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toBe(
      [
        "Nothing to change.",
        "Not in the file, left unchanged (use --prune to remove):",
        `  account ${accounts.vendor}: Vendor`,
        `  user ${leaver}: Bo Admin`,
        `  user ${people.consultant.id}: Dan Consultant`,
        `  user ${people.vendorAdmin.id}: Eve Vendor`,
        "",
      ].join("\n"),
    );
    expect(await everything()).toEqual(before);
  });

  test("A dry run prints the same lines as the run itself and changes nothing", async () => {
    await server().createToken({ moduleIds: [modules.helpdesk] }, "vendorAdmin");
    await server().createToken({ moduleIds: [modules.orders] });
    const platform = smaller();
    Object.assign(platform.users[0] ?? {}, { name: "Ada Renamed", password: "a brand-new password" });
    const before = await everything();
    const trial = await apply(platform, "--prune", "--dry-run");
    expect(await everything()).toEqual(before);
    expect(trial).toMatchObject({ status: 0, err: "Dry run. Nothing was changed.\n" });
    for (const line of ["Ada Renamed", "closed: Vendor", "removed: Bo Admin", "removed: Helpdesk", "new password"])
      expect(trial.out).toContain(line);
    expect(await apply(platform, "--prune")).toEqual({ ...trial, err: "" });
    expect(await apply(platform, "--prune")).toEqual({ status: 0, out: "Nothing to change.\n", err: "" });
    await server().apply(testPlatform());
  });

  test("A running server denies a closed account’s tokens within a second, and allows a reopened account’s", async () => {
    const token = await server().createToken({}, await server().signIn("vendorAdmin"));
    const becomes = (status: number) => holdsWithinTheBound(() => check(server(), token), status);
    expect(await check(server(), token)).toBe(200);
    await apply(without(accounts.vendor, people.vendorAdmin.id), "--prune");
    await becomes(401);
    await apply(testPlatform());
    await becomes(200);
  });

  describe("Destructive pruning", () => {
    const refusals: [string, Platform, RegExp][] = [
      ["without any entries", parsePlatform({}), /would remove 7 of 7 people/],
      ["without people", { ...without(), users: [] }, /would remove 7 of 7 people/],
      ["with few of the people", { ...without(), users: without().users.slice(0, 3) }, /would remove 4 of 7 people/],
      [
        "with one account of many",
        {
          ...without(),
          accounts: without().accounts.slice(0, 1),
          users: without().users.map((user) => ({ ...user, roles: {} })),
        },
        /would close 2 of 3 accounts/,
      ],
      [
        "with roles in unlisted accounts",
        { ...without(), accounts: without(accounts.vendor).accounts },
        /has a role in an account that --prune would close/,
      ],
      [
        "with unlisted modules in accounts",
        { ...without(), modules: without(modules.orders).modules },
        /lists modules that --prune would remove/,
      ],
      ["without an account’s last ADMIN", without(people.vendorAdmin.id), /the last ADMIN of ACC-0001-0003/],
    ];

    test.each(refusals)("A file %s is rejected and changes nothing", async (_, platform, message) => {
      const before = await everything();
      await expect(server().apply(platform, prune)).rejects.toThrow(message);
      expect(await everything()).toEqual(before);
    });

    test("A rejected prune exits with status 1 and an explanation", async () => {
      const { status, out, err } = await apply({}, "--prune");
      expect({ status, out }).toEqual({ status: 1, out: "" });
      expect(err).toBe("--prune would remove 7 of 7 people. Nothing was changed. If this is intended, add --force.\n");
    });

    test("A prune with --force is applied", async () => {
      const { status, out } = await apply(without(people.vendorAdmin.id), "--prune", "--force");
      expect([status, out]).toEqual([0, expect.stringContaining("removed: Eve Vendor")]);
      expect(await apply({}, "--force")).toMatchObject({ status: 2 });
      await server().apply(testPlatform());
    });
  });

  test("A person’s role in a closed account is rejected", async () => {
    const { users } = testPlatform();
    await server().apply(without(accounts.vendor, people.vendorAdmin.id), prune);
    const eve = { ...parsePlatform({}), users: users.filter(({ id }) => id === people.vendorAdmin.id) };
    await expect(server().apply(eve)).rejects.toThrow("that is closed: ACC-0001-0003. List it to reopen it.");
    await server().apply(testPlatform());
  });

  test("A file that lists an ID twice is rejected", () => {
    const { users, ...rest } = without();
    const twice = { ...rest, users: [...users, { ...users[0], roles: {} }] };
    expect(() => parsePlatform(twice)).toThrow(`users.7.id: ${people.admin.id} is listed twice`);
  });
});

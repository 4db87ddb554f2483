import type { Platform } from "../src/features/platform/platform-file.js";
import type { Data } from "./support/client.js";
import { createDatabase, currentEngine } from "./support/database.js";
import { accounts, modules, type Person, password, people, testPlatform } from "./support/platform.js";
import { applyPlatformFile } from "./support/programs.js";
import { TestServer, useServer } from "./support/test-server.js";

/** Records calls to the password library. */
jest.mock("@node-rs/argon2", () => {
  const actual = jest.requireActual("@node-rs/argon2");
  const calls: string[] = [];
  const noting =
    (name: string) =>
    (...parameters: unknown[]) => {
      calls.push(name);
      return actual[name](...parameters);
    };
  return { ...actual, hash: noting("hash"), verify: noting("verify"), calls };
});

type UserChanges = Partial<Platform["users"][number]>;

/** The test platform without passwords, so that none is compared. */
function appliedPlatform(): Platform {
  const platform = testPlatform();
  return { ...platform, users: platform.users.map(({ password: _, ...user }) => user) };
}

/** The applied platform with one person changed. */
function withUser(person: Person, changes: UserChanges): Platform {
  const platform = appliedPlatform();
  const users = platform.users.map((user) => (user.id === people[person].id ? { ...user, ...changes } : user));
  return { ...platform, users };
}

const change = ({ details }: Data): { before: object; after: object } => {
  const { before, after } = JSON.parse(details);
  return { before, after };
};

describe("Audit records of apply", () => {
  const server = useServer();
  const bystander = "ACC-0001-0009";
  const readers = { client: "auditor", vendor: "vendorAdmin", operations: "operationsAuditor" } as const;
  let seen: Record<string, number> = {};

  /** The records added to each trail since the last call. */
  async function news(): Promise<Record<string, Data[]>> {
    const found: Record<string, Data[]> = {};
    for (const [name, reader] of Object.entries(readers)) {
      const records = (await server().trail(reader)).filter(({ sequence }) => sequence > (seen[name] ?? 0));
      seen = { ...seen, [name]: Math.max(seen[name] ?? 0, ...records.map(({ sequence }) => sequence)) };
      found[name] = records.filter(({ event }) => event !== "user.signed_in");
    }
    return found;
  }
  const events = (trails: Record<string, Data[]>) =>
    Object.fromEntries(Object.entries(trails).map(([name, records]) => [name, records.map(({ event }) => event)]));

  beforeAll(async () => {
    const platform = appliedPlatform();
    platform.accounts.push({ id: bystander, name: "Bystander", type: "CLIENT", modules: [] });
    await server().apply(platform);
    await news();
  });
  afterEach(async () => {
    await server().apply(appliedPlatform());
    await news();
  });

  test("A changed name and email address are recorded in each of the person’s accounts and in the operator’s", async () => {
    const name = "Dan Renamed";
    await server().apply(withUser("consultant", { name, email: "dan@new.example" }));
    const trails = await news();
    expect(events(trails)).toEqual({
      client: ["user.updated"],
      vendor: ["user.updated"],
      operations: ["user.updated"],
    });
    for (const [record] of Object.values(trails)) {
      expect(record).toMatchObject({ objectId: people.consultant.id, objectName: name, actor: null });
      expect(change(record)).toEqual({
        before: { name: "Dan Consultant", email: "dan@consult.example" },
        after: { name, email: "dan@new.example" },
      });
    }
  });

  test("A changed password is recorded in each of the person’s accounts and in the operator’s, without the password", async () => {
    const secret = "a brand-new password";
    await server().apply(withUser("consultant", { password: secret }));
    const trails = await news();
    const changed = ["user.password_changed"];
    expect(events(trails)).toEqual({ client: changed, vendor: changed, operations: changed });
    for (const [record] of Object.values(trails)) expect(change(record)).toEqual({ before: {}, after: {} });
    const stored = JSON.stringify(await server().sql("SELECT * FROM audit_record"));
    const [{ hash }] = await server().sql("SELECT password_hash AS hash FROM user WHERE id = ?", [
      people.consultant.id,
    ]);
    for (const text of [secret, password, hash]) expect(stored).not.toContain(text);
  });

  test("A new person and their roles are recorded in their accounts and in the operator’s", async () => {
    const platform = appliedPlatform();
    const user = { id: "USR-3000-0001", name: "Hal New", email: "hal@client.example", password };
    platform.users.push({ ...user, roles: { [accounts.client]: "AUDITOR" } });
    await server().apply(platform);
    const trails = await news();
    const expected = ["user.created", "user.role_changed"];
    expect(events(trails)).toEqual({ client: expected, vendor: [], operations: expected });
    expect(trails.client?.map(change)).toEqual([
      { before: {}, after: { name: user.name, email: user.email } },
      { before: { role: null }, after: { role: "AUDITOR" } },
    ]);
  });

  test("A changed role is recorded in its account and, with the account’s name and ID, in the operator’s", async () => {
    await server().apply(withUser("consultant", { roles: { [accounts.client]: "AUDITOR" } }));
    const trails = await news();
    const changed = ["user.role_changed"];
    expect(events(trails)).toEqual({ client: changed, vendor: changed, operations: [...changed, ...changed] });
    expect(trails.operations?.map(({ summary }) => summary)).toEqual([
      `Dan Consultant is now AUDITOR of Client (${accounts.client})`,
      `Dan Consultant no longer has a role in Vendor (${accounts.vendor})`,
    ]);
    expect(trails.vendor?.map(change)).toEqual([{ before: { role: "AUDITOR" }, after: { role: null } }]);
  });

  test("A new module is recorded in the operator’s trail, and a changed one also in each account that has it", async () => {
    const platform = appliedPlatform();
    const module = { id: "MOD-4444", name: "Forecasts", description: null };
    await server().apply({ ...platform, modules: [...platform.modules, module] });
    expect(events(await news())).toEqual({ client: [], vendor: [], operations: ["module.created"] });

    const renamed = platform.modules.map((each) =>
      each.id === modules.helpdesk ? { ...each, name: "Support" } : each,
    );
    await server().apply({ ...platform, modules: renamed });
    const trails = await news();
    expect(events(trails)).toEqual({ client: [], vendor: ["module.updated"], operations: ["module.updated"] });
    expect(trails.vendor).toMatchObject([{ objectId: modules.helpdesk, objectName: "Support" }]);
    expect(trails.vendor?.map(change)).toEqual([{ before: { name: "Helpdesk" }, after: { name: "Support" } }]);
  });

  test("A changed account is recorded in its trail and in the operator’s", async () => {
    const platform = appliedPlatform();
    const renamed = platform.accounts.map((each) =>
      each.id === accounts.client ? { ...each, name: "Client Inc.", modules: [modules.accessManagement] } : each,
    );
    await server().apply({ ...platform, accounts: renamed });
    const trails = await news();
    const expected = ["account.updated", "account.modules_changed"];
    expect(events(trails)).toEqual({ client: expected, vendor: [], operations: expected });
  });

  test("No change is recorded in the trail of an unaffected account", async () => {
    const records = await server().sql("SELECT event FROM audit_record WHERE account_id = ?", [bystander]);
    expect(records).toEqual([{ event: "account.created" }]);
  });

  test("Applying changes leaves the hash chains intact", async () => {
    for (const reader of Object.values(readers)) {
      const { auditTrailVerification } = await (await server().as(reader)).data(
        "{ auditTrailVerification { fault { sequence message } } }",
      );
      expect(auditTrailVerification.fault).toBeNull();
    }
  });
});

describe("Apply without a writable audit trail", () => {
  const server = useServer();
  const everything = async () => {
    const tables = ["module", "account", "account_module", "user", "membership", "session", "api_token"];
    const rows: Record<string, unknown> = {};
    for (const table of tables) rows[table] = await server().sql(`SELECT * FROM ${table}`);
    return rows;
  };

  test("Applying a file changes nothing while the audit trail cannot be written", async () => {
    await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
    const before = await everything();
    await server().sql(
      currentEngine === "mariadb"
        ? "CREATE TRIGGER full BEFORE INSERT ON audit_record FOR EACH ROW SIGNAL SQLSTATE '45000'"
        : "CREATE TRIGGER full BEFORE INSERT ON audit_record BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    const changes: Platform[] = [
      withUser("consultant", { name: "Dan Renamed" }),
      withUser("consultant", { password: "a brand-new password" }),
      withUser("consultant", { roles: {} }),
      {
        ...appliedPlatform(),
        modules: appliedPlatform().modules.map((each) => ({ ...each, name: `New ${each.name}` })),
      },
      { ...appliedPlatform(), accounts: appliedPlatform().accounts.map((each) => ({ ...each, modules: [] })) },
    ];
    for (const platform of changes) await expect(server().apply(platform)).rejects.toThrow();
    await expect(server().apply({ ...appliedPlatform(), users: [] }, { prune: true, force: true })).rejects.toThrow();
    expect(await everything()).toEqual(before);
  });
});

describe("Apply transaction", () => {
  const server = useServer();

  test("Passwords are hashed and compared before the transaction begins", async () => {
    const platform = testPlatform();
    Object.assign(platform.users[0] ?? {}, { password: "a brand-new password" });
    const user = { id: "USR-3000-0001", name: "Hal New", email: "hal@client.example", password, roles: {} };
    const { calls } = jest.requireMock<{ calls: string[] }>("@node-rs/argon2");
    calls.length = 0;
    await server().statementsOf(
      () => server().apply({ ...platform, users: [...platform.users, user] }),
      (sql) => /^(BEGIN|START|COMMIT)/.test(sql) && void calls.push(sql.slice(0, 5)),
    );
    const [begin, commit] = [calls.findIndex((each) => /BEGIN|START/.test(each)), calls.indexOf("COMMI")];
    // Every password in the file is compared, and two are new.
    const hashing = [...Array(platform.users.length).fill("verify"), "hash", "hash"].sort();
    expect(calls.slice(0, begin).sort()).toEqual(hashing);
    expect(calls.slice(begin + 1, commit)).toEqual([]);
  });
});

describe("Concurrent runs of apply", () => {
  let first: TestServer;
  let second: TestServer;
  beforeAll(async () => {
    const database = await createDatabase();
    first = await TestServer.start({ database, platform: null });
    // The embedded database allows one process and its commands.
    second = currentEngine === "sqlite" ? first : await TestServer.start({ database, platform: null });
  });
  afterAll(async () => {
    if (second !== first) await second.stop();
    await first.close();
  });

  const faults = async () => {
    const found: unknown[] = [];
    for (const reader of ["admin", "vendorAdmin", "operator"] as const) {
      const { auditTrailVerification } = await (await first.signIn(reader)).data(
        "{ auditTrailVerification { fault { message } } }",
      );
      found.push(auditTrailVerification.fault);
    }
    return found;
  };

  test("One of two runs on an empty database adds everything, and the other has nothing to change", async () => {
    const { env } = first.database;
    const [none, all] = (await Promise.all([applyPlatformFile(env), applyPlatformFile(env)])).sort(
      (a, b) => a.length - b.length,
    );
    expect(none).toBe("Nothing to change.\n");
    expect(all).toContain(`account ${accounts.client} added: Client`);
    expect(await faults()).toEqual([null, null, null]);
  });

  test("Two runs with different files have the result of running in sequence, and record every step", async () => {
    const rounds = 3;
    for (let round = 0; round < rounds; round++) {
      const files = ["one", "two"].map((name) => {
        const platform = withUser("consultant", {
          name: `Dan ${name} ${round}`,
          password: `password ${name} ${round}`,
          roles: name === "one" ? { [accounts.client]: "AUDITOR" } : { [accounts.vendor]: "ADMIN" },
        });
        const shown = name === "one" ? [modules.catalogue] : [modules.orders];
        return { ...platform, accounts: platform.accounts.map((each) => ({ ...each, modules: shown })) };
      });
      const [one, two] = files as [Platform, Platform];
      await Promise.all([first.apply(one), second.apply(two)]);
      const renamed = (
        await first.trail("operator", { objectIds: [people.consultant.id], events: ["user.updated"] })
      ).slice(-2);
      const [earlier, later] = renamed.map(({ objectName }) => objectName);
      expect([earlier, later].sort()).toEqual([`Dan one ${round}`, `Dan two ${round}`]);
      expect(JSON.parse(renamed[1].details).before.name).toBe(earlier);
      // The later file has nothing left to change. The earlier one was overwritten in full.
      const [won, lost] =
        later === one.users.find(({ id }) => id === people.consultant.id)?.name ? [one, two] : [two, one];
      expect(await first.apply(won)).toEqual([]);
      expect((await second.apply(lost)).length).toBeGreaterThan(3);
    }
    await first.apply(appliedPlatform());
    expect(await faults()).toEqual([null, null, null]);
  });
});

describe("Role changes while signed in", () => {
  const server = useServer();
  const viewer = "{ viewer { role account { id } } }";
  afterEach(() => server().apply(appliedPlatform()));

  test("Losing a role ends the session at once, and restoring the role does not revive it", async () => {
    const session = await server().signIn("consultant");
    expect((await session.data(viewer)).viewer).toEqual({ role: "ADMIN", account: { id: accounts.client } });
    await server().apply(withUser("consultant", { roles: { [accounts.vendor]: "AUDITOR" } }));
    expect((await session.data(viewer)).viewer).toBeNull();
    await server().apply(appliedPlatform());
    expect((await session.data(viewer)).viewer).toBeNull();
  });

  test("A reduced role applies from the next request", async () => {
    const session = await server().signIn("consultant");
    const token = await server().createToken({}, session);
    await server().apply(withUser("consultant", { roles: { [accounts.client]: "AUDITOR" } }));
    expect((await session.data(viewer)).viewer).toMatchObject({ role: "AUDITOR" });
    await expect(session.mutate("disableApiToken", { id: token.id })).rejects.toThrow("FORBIDDEN");
  });

  test("A session in another account stays valid, but cannot switch to the account where the role was lost", async () => {
    const session = await server().signIn("consultant");
    await session.mutate("switchAccount", { accountId: accounts.vendor });
    await server().apply(withUser("consultant", { roles: { [accounts.vendor]: "AUDITOR" } }));
    expect((await session.data(viewer)).viewer).toEqual({ role: "AUDITOR", account: { id: accounts.vendor } });
    const { userErrors } = await session.mutate("switchAccount", { accountId: accounts.client });
    expect(userErrors).toMatchObject([{ code: "NOT_FOUND" }]);
  });
});

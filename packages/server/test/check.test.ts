import { formatTokenValue, limits } from "@hallpass/shared";
import { queries } from "./support/client.js";
import { accounts, modules, testPlatform } from "./support/platform.js";
import { holdsWithinTheBound, isStoredInTime } from "./support/programs.js";
import { TestServer, useServer } from "./support/test-server.js";

const notPresented = 'Bearer realm="hallpass"';
const notGood = 'Bearer realm="hallpass", error="invalid_token"';

describe("Token checks", () => {
  const server = useServer();
  const check = async (value: string | null, query = "", init: RequestInit = {}, path = "/authorize") => {
    const client = value === null ? server().nobody() : server().program(value);
    const answer = await client.fetch(path + query, init as object);
    return {
      status: answer.status,
      body: await answer.text(),
      challenge: answer.headers.get("www-authenticate"),
      token: answer.headers.get("hallpass-token"),
      account: answer.headers.get("hallpass-account"),
      modules: answer.headers.get("hallpass-modules")?.split(" ").sort() ?? null,
      cache: answer.headers.get("cache-control"),
    };
  };
  const refusal = { status: 401, body: "", challenge: notGood, token: null, account: null, modules: null };
  const mutate = async (name: string, input: object) => (await server().as("admin")).mutate(name, input);

  test("A valid token is allowed, with its ID, account and modules in the response headers", async () => {
    const { id, value } = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
    expect(await check(value)).toEqual({
      status: 200,
      body: "",
      challenge: null,
      token: id,
      account: accounts.client,
      modules: [modules.catalogue, modules.orders],
      cache: "no-store",
    });
  });

  test.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "A check accepts the method %s",
    async (method) => {
      const { value } = await server().createToken();
      expect((await check(value, "", { method })).status).toBe(200);
      expect((await check(null, "", { method })).status).toBe(401);
    },
  );

  test("A check accepts any request body", async () => {
    const { value } = await server().createToken();
    for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded", "x/y"])
      for (const body of ["", "{", "x".repeat(2_000_000)]) {
        const init = { method: "POST", body, headers: { "Content-Type": type } };
        const { status } = await check(value, "", init);
        expect({ type, length: body.length, status }).toEqual({ type, length: body.length, status: 200 });
      }
  });

  test("A check without a token is denied with a challenge that has no error code", async () => {
    expect(await check(null)).toEqual({ ...refusal, challenge: notPresented, cache: "no-store" });
  });

  test.each([
    ["another scheme", "Basic dXNlcjpwYXNz"],
    ["an empty bearer token", "Bearer "],
    ["a malformed value", "Bearer junk"],
    ["two values", "Bearer hp_12345678_a hp_12345678_a"],
    ["a wrong checksum", `Bearer ${formatTokenValue("TKN-1234-5678", "a".repeat(32)).slice(0, -6)}000000`],
    ["a value of an unknown token", `Bearer ${formatTokenValue("TKN-1234-5678", "a".repeat(32))}`],
    ["a value of 8,000 characters", `Bearer hp_${"1".repeat(8_000)}`],
  ])("A check with %s is denied", async (_what, Authorization) => {
    const answer = await server().nobody().with({ Authorization }).fetch("/authorize");
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe(notGood);
    expect(await answer.text()).toBe("");
  });

  test("The scheme is case-insensitive", async () => {
    const { value } = await server().createToken();
    const answer = await server()
      .nobody()
      .with({ Authorization: `bearer ${value}` })
      .fetch("/authorize");
    expect(answer.status).toBe(200);
  });

  test("A value with an invalid checksum costs no query", async () => {
    const wrong = `${formatTokenValue("TKN-1234-5678", "a".repeat(32)).slice(0, -6)}000000`;
    expect(await server().statementsOf(() => check(wrong))).toEqual([]);
  });

  test("A well-formed value that is not the token’s is denied", async () => {
    const { id } = await server().createToken();
    expect(await check(formatTokenValue(id, "a".repeat(32)))).toMatchObject(refusal);
  });

  test("A token is denied as soon as it is disabled, and allowed as soon as it is enabled", async () => {
    const { id, value } = await server().createToken();
    for (let round = 0; round < 3; round++) {
      expect((await check(value)).status).toBe(200);
      await mutate("disableApiToken", { id });
      expect(await check(value)).toMatchObject(refusal);
      await mutate("enableApiToken", { id });
    }
    expect((await check(value)).status).toBe(200);
  });

  test("A deleted token is denied", async () => {
    const { id, value } = await server().createToken();
    expect((await check(value)).status).toBe(200);
    await mutate("deleteApiToken", { id });
    expect(await check(value)).toMatchObject(refusal);
  });

  test("A token is denied from the millisecond it expires", async () => {
    const { clock } = server();
    const expiresAt = new Date(Date.now() + 3_600_000);
    const { value } = await server().createToken({ expiresAt: expiresAt.toISOString() });
    try {
      clock.stopAt(new Date(expiresAt.getTime() - 1));
      expect((await check(value)).status).toBe(200);
      clock.stopAt(expiresAt);
      expect(await check(value)).toMatchObject(refusal);
    } finally {
      clock.stopAt(null);
    }
  });

  test("A check for several modules returns 403 and lists them all if the token lacks one", async () => {
    const { value } = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
    expect((await check(value, `?module=${modules.catalogue}`)).status).toBe(200);
    expect((await check(value, `?module=${modules.catalogue}&module=${modules.orders}`)).status).toBe(200);
    expect(await check(value, `?module=${modules.catalogue}&module=${modules.audit}`)).toMatchObject({
      status: 403,
      challenge: `Bearer realm="hallpass", error="insufficient_scope", scope="${modules.catalogue} ${modules.audit}"`,
      token: null,
    });
    expect((await check(value, "?module=MOD-0000")).status).toBe(403);
  });

  test("Modules in the path are required, whatever follows them in the URL", async () => {
    const { value } = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
    const both = `/authorize/modules/${modules.catalogue},${modules.orders}`;
    const missing = `/authorize/modules/${modules.catalogue},${modules.audit}`;
    for (const rest of ["", "/", "/orders/1", "?", "?module=MOD-9999", "/..%2f..%2fany?modules=&access_token=x"]) {
      expect({ rest, status: (await check(value, rest, {}, both)).status }).toEqual({ rest, status: 200 });
      expect(await check(value, rest, {}, missing)).toMatchObject({
        status: 403,
        challenge: `Bearer realm="hallpass", error="insufficient_scope", scope="${modules.catalogue} ${modules.audit}"`,
      });
      expect({ rest, status: (await check(value, rest, {}, "/authorize/any")).status }).toEqual({ rest, status: 200 });
      expect({ rest, status: (await check(null, rest, {}, "/authorize/any")).status }).toEqual({ rest, status: 401 });
    }
  });

  describe("Malformed requirements", () => {
    const queries = [
      ...["?&", "?module", "?module=", "?module=x", "?module=MOD-13", "?module=TKN-1234-5678", "?module=mod-1310"],
      ...["?modules=MOD-1310", "?Module=MOD-1310", "?module[]=MOD-1310", "?module=MOD-1310&Module=MOD-1310"],
      ...["?module=MOD-1310&", "?&module=MOD-1310", "?module=MOD-1310&&module=MOD-1310", "?module=MOD-1310&module="],
      ...["?module=MOD-1310;module=MOD-1320", "?module=MOD-1310,MOD-1320", "?module=MOD-1310+", "?module=+MOD-1310"],
      ...[
        "?module=MOD-1310%20",
        "?%6dodule=MOD-1310",
        "?module=MOD%2D1310",
        "?module=MOD-1310%00",
        "?module==MOD-1310",
      ],
      ...[
        "?access_token=x",
        "?module=MOD-1310&access_token=x",
        "??module=MOD-1310",
        "?module=x%22%0d%0aSet-Cookie:a=b",
      ],
      `?${Array(limits.modulesPerToken + 1)
        .fill("module=MOD-1310")
        .join("&")}`,
    ];
    const paths = [
      ...[
        "/",
        "/?module=MOD-1310",
        "//any",
        "/orders/1?x=y",
        "/anything",
        "/Any",
        "/any*",
        "/any;x",
        "/any%2f",
        "/any,",
      ],
      ...[
        "/modules",
        "/modules/",
        "/modules//MOD-1310",
        "/modules/?module=MOD-1310",
        "/modules/any",
        "/modules/mod-1310",
      ],
      ...["/modules/MOD-1310,", "/modules/,MOD-1310", "/modules/MOD-1310,,MOD-1320", "/modules/MOD-1310,%20MOD-1320"],
      ...["/modules/MOD-1310%2CMOD-1320", "/modules/MOD-1310%2fany", "/modules/MOD-1310;x", "/modules/MOD-1310&x"],
      ...["/modules/MOD-1310%20x", "/modules/MOD-13", "/module/MOD-1310", "/Modules/MOD-1310"],
      ...[
        "x",
        "%2fany",
        ";module=MOD-1310",
        "&module=MOD-1310",
        "=",
        ",",
        "modules/MOD-1310",
        ".",
        "%3Fmodule=MOD-1310",
      ],
      `/modules/${Array(limits.modulesPerToken + 1)
        .fill("MOD-1310")
        .join(",")}`,
    ];

    test.each([...queries.map((rest) => [rest, 400] as const), ...paths.map((rest) => [rest, 404] as const)])(
      "The requirement %s returns %i, with or without a valid token",
      async (rest, status) => {
        const { value } = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
        for (const presented of [value, null]) {
          const answer = await check(presented, "", {}, `/authorize${rest}`);
          expect(answer).toMatchObject({ status, challenge: null, token: null, account: null, modules: null });
          expect(JSON.parse(answer.body)).toMatchObject({ status, title: expect.any(String) });
        }
      },
    );

    test("A misconfigured gateway is counted in the metrics, and its requirement is not logged", async () => {
      const counted = async () => {
        const text = await (await server().nobody().fetch("/metrics")).text();
        return Number(/outcome="misconfigured"\} (\d+)/.exec(text)?.[1] ?? 0);
      };
      const before = await counted();
      await check(null, "?modules=MOD-1234-1234");
      expect(await counted()).toBe(before + 1);
      const logged = server().log.filter((line) => line.includes("misconfigured"));
      expect(JSON.parse(logged.at(-1) ?? "")).toMatchObject({ level: 30, status: 400 });
      expect(logged.join("")).not.toContain("MOD-1234-1234");
    });
  });

  test("An edit of a token’s modules applies from the next request", async () => {
    const { id, value } = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
    expect((await check(value, `?module=${modules.orders}`)).status).toBe(200);
    await mutate("updateApiToken", { id, moduleIds: [modules.catalogue] });
    expect((await check(value, `?module=${modules.orders}`)).status).toBe(403);
    expect((await check(value)).modules).toEqual([modules.catalogue]);
  });

  test("A valid token is identified by GraphQL, and a disabled one is never treated as anonymous", async () => {
    const { id, value } = await server().createToken({ moduleIds: [modules.accessManagement] });
    const program = server().program(value);
    expect((await program.data(queries.viewer)).viewer).toMatchObject({
      role: null,
      actor: { __typename: "ApiToken", id },
      account: { id: accounts.client },
      accounts: [{ id: accounts.client }],
    });
    await mutate("disableApiToken", { id });
    const refused = await program.ask(queries.viewer);
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toBe(notGood);
    expect(refused.errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
  });

  test("A check with only a session cookie is denied", async () => {
    const admin = await server().as("admin");
    expect((await admin.fetch("/authorize")).status).toBe(401);
  });
});

describe("Module removal", () => {
  test("A module removed from an account is removed from its tokens", async () => {
    const server = await TestServer.start();
    const { value } = await server.createToken({ moduleIds: [modules.catalogue, modules.orders] });
    const check = (module: string) => server.program(value).fetch(`/authorize?module=${module}`);
    const statusForOrders = async () => (await check(modules.orders)).status;
    expect(await statusForOrders()).toBe(200);

    const platform = testPlatform();
    for (const account of platform.accounts)
      account.modules = account.modules.filter((module) => module !== modules.orders);
    await server.apply(platform);
    await holdsWithinTheBound(statusForOrders, 403);
    const narrowed = await check(modules.catalogue);
    expect([narrowed.status, narrowed.headers.get("hallpass-modules")]).toEqual([200, modules.catalogue]);
    await server.close();
  });
});

describe("Last access", () => {
  const read = async (server: TestServer, id: string) =>
    (await (await server.as("admin")).data(queries.apiToken, { id })).apiToken.lastAccessAt;

  test("Last access is stored within five seconds, in batches instead of per request", async () => {
    const server = await TestServer.start();
    const { id, value } = await server.createToken();
    expect(await read(server, id)).toBeNull();
    const before = new Date().toISOString();
    const statements = await server.statementsOf(async () => {
      for (let request = 0; request < 20; request++) await server.program(value).fetch("/authorize");
      await isStoredInTime(async () => {
        const [{ at }] = await server.sql("SELECT last_access_at AS at FROM api_token_access WHERE token_id = ?", [id]);
        return at !== null;
      });
    });
    expect(await read(server, id)).not.toBeNull();
    expect((await read(server, id)) >= before).toBe(true);
    const writes = statements.filter((sql) => !/^\s*(SELECT|PRAGMA)/i.test(sql));
    // One transaction for all of them, or two if a write fell between two requests.
    expect(writes.length).toBeLessThanOrEqual(12);
    expect(writes.filter((sql) => /UPDATE api_token_access/i.test(sql)).length).toBeLessThanOrEqual(2);
    await server.close();
  });

  test("Last access survives a restart and never moves back", async () => {
    const first = await TestServer.start();
    const { id, value } = await first.createToken();
    const later = new Date(Date.now() + 3_600_000);
    first.clock.stopAt(later);
    await first.program(value).fetch("/authorize");
    first.clock.stopAt(null);
    await first.stop();

    const second = await TestServer.start({ database: first.database, platform: null });
    expect(await read(second, id)).toBe(later.toISOString());
    await second.program(value).fetch("/authorize");
    await second.stop();

    const third = await TestServer.start({ database: first.database, platform: null });
    expect(await read(third, id)).toBe(later.toISOString());
    await third.close();
  });

  test("A denied check does not change last access", async () => {
    const server = await TestServer.start();
    const { id, value } = await server.createToken();
    await (await server.as("admin")).mutate("disableApiToken", { id });
    await server.program(value).fetch("/authorize");
    await server.program(formatTokenValue(id, "a".repeat(32))).fetch("/authorize");
    expect(await read(server, id)).toBeNull();
    await server.close();
  });
});

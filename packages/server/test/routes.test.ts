import { modules } from "./support/platform.js";
import { type CallerName, callerNames, createWorld, inBoth, missing, type Tenant } from "./support/tenants.js";
import { useServer } from "./support/test-server.js";

// What each route returns to each caller. The routes are the running server's own, so a new one without a row fails.

type Statuses = Record<CallerName, number>;
const all = (status: number): Statuses =>
  Object.fromEntries(callerNames.map((name) => [name, status])) as Record<CallerName, number>;
const but = (statuses: Statuses, status: number, ...names: CallerName[]): Statuses => ({
  ...statuses,
  ...Object.fromEntries(names.map((name) => [name, status])),
});
const tokens = ["tokenWithAccess", "tokenWithAudit", "tokenWithBoth", "tokenWithNeither"] as const;

interface Row {
  request(of: Pick<Tenant, "ids" | "token">): {
    path: string;
    init?: RequestInit & { headers?: Record<string, string> };
  };
  /** Statuses for the caller's own account's data, or for no account's. */
  own: Statuses;
  /** Statuses for another account's data. Unless 200, the response equals the one for unknown data. */
  theirs?: Statuses;
  /** A 200 response contains the caller's account. Without this, no response contains any account. */
  tells?: "own";
  /** Exists only if the web app is built. */
  page?: true;
}

const page = (path: string, status = 200): Row => ({ request: () => ({ path }), own: all(status), page: true });
const open = (path: string): Row => ({ request: () => ({ path }), own: all(200) });
const asksViewer = "{ viewer { account { id name } } }";
const auditTrail = (path: string): Row => ({
  request: () => ({ path }),
  own: but(all(200), 403, "tokenWithAccess", "tokenWithNeither", "nobody"),
  tells: "own",
});
const gatewayCheck = (path: string): Row => ({
  request: () => ({ path }),
  own: but(all(401), 200, ...tokens),
  tells: "own",
});

/** Only for operators' verifiers: see verifier.test.ts. */
const verifierRequest = (path: string, body: (of: Pick<Tenant, "ids">) => object): Row => ({
  request: (of) => ({
    path,
    init: { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body(of)) },
  }),
  own: but(all(401), 403, ...tokens),
  theirs: but(all(401), 403, ...tokens),
});

const rows: Record<string, Row> = {
  "GET /": page("/"),
  "GET /sign-in": page("/sign-in"),
  "GET /settings": page("/settings"),
  "GET /settings/*": page("/settings/api-tokens"),
  "GET /ACC-*": page("/ACC-0001-0002/settings/api-tokens"),
  "GET /graphiql": page("/graphiql"),
  "GET /*": page("/assets/none.js", 404),
  "GET /healthz": open("/healthz"),
  "GET /readyz": open("/readyz"),
  "GET /metrics": open("/metrics"),
  "GET /graphql": {
    request: () => ({
      path: `/graphql?query=${encodeURIComponent(asksViewer)}`,
      init: { headers: { "Apollo-Require-Preflight": "1" } },
    }),
    own: all(200),
    tells: "own",
  },
  "POST /graphql": {
    request: () => ({
      path: "/graphql",
      init: {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ query: asksViewer }),
      },
    }),
    own: all(200),
    tells: "own",
  },
  "GET /icons/:id": {
    request: ({ ids }) => ({ path: `/icons/${ids.token}` }),
    own: but(all(200), 404, "tokenWithAudit", "tokenWithNeither"),
    // Browsers name no account when requesting an image, so a person gets those of all their accounts.
    theirs: but(all(404), 200, "consultant", "visitor"),
  },
  "GET /exports/audit-trail.csv": auditTrail("/exports/audit-trail.csv"),
  "GET /exports/audit-trail.jsonl": auditTrail("/exports/audit-trail.jsonl"),
  "POST /oauth2/introspect": {
    request: ({ token }) => ({
      path: "/oauth2/introspect",
      init: {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ token: token.value }).toString(),
      },
    }),
    own: but(all(401), 403, ...tokens),
    theirs: but(all(401), 403, ...tokens),
  },
  "POST /verifier/tokens": verifierRequest("/verifier/tokens", ({ ids }) => ({ ids: [ids.token] })),
  "POST /verifier/changes": verifierRequest("/verifier/changes", ({ ids }) => ({
    heads: { [ids.account]: { sequence: 0, hash: "" } },
  })),
  "POST /verifier/usage": verifierRequest("/verifier/usage", () => ({ id: "1", usages: [] })),
  "GET /oauth2/introspect": { request: () => ({ path: "/oauth2/introspect" }), own: all(405) },
  "GET /.well-known/oauth-authorization-server": open("/.well-known/oauth-authorization-server"),
  "GET /graphql/schema.graphql": open("/graphql/schema.graphql"),
  // Of no token: see revocation-by-value.test.ts.
  "POST /oauth2/revoke": {
    request: () => ({ path: "/oauth2/revoke", init: { method: "POST", body: new URLSearchParams({ token: "none" }) } }),
    own: all(200),
  },
  "GET /oauth2/revoke": { request: () => ({ path: "/oauth2/revoke" }), own: all(405) },
  // The gateway check precedes all other routes and accepts any method and any path below it.
  "* /authorize": gatewayCheck("/authorize"),
  "* /authorize/any/*": gatewayCheck("/authorize/any/thing?module=MOD-0000"),
  "* /authorize/modules/*": {
    request: ({ ids }) => ({ path: `/authorize/modules/${ids.module}/anything?module=MOD-0000` }),
    own: but(all(401), 200, ...tokens),
    theirs: but(all(401), 403, ...tokens),
    tells: "own",
  },
  "* /authorize/*": { request: () => ({ path: "/authorize/anything" }), own: all(404) },
  "* /authorize?module=": {
    request: ({ ids }) => ({ path: `/authorize?module=${ids.module}` }),
    own: but(all(401), 200, ...tokens),
    theirs: but(all(401), 403, ...tokens),
    tells: "own",
  },
};
for (const row of Object.values(rows)) {
  // Anonymous callers get 401 wherever a caller is required.
  const isOpen = Object.values(row.own).every((status) => status === row.own.nobody);
  if (!isOpen || row.theirs) row.own = but(row.own, 401, "nobody");
  if (row.theirs) row.theirs = but(row.theirs, 401, "nobody");
}

describe("Routes", () => {
  const server = useServer({ platform: null });
  let world: Awaited<ReturnType<typeof createWorld>>;
  beforeAll(async () => {
    world = await createWorld(server());
  });

  const noToken = `hp_00000000_${"0".repeat(38)}`;
  const nothing = { ids: missing, token: { id: missing.token, name: "", value: noToken, version: 1 } };

  async function ask(name: CallerName, row: Row, of: Pick<Tenant, "ids" | "token">) {
    const { client, own, other } = world.callers[name];
    const { path, init } = row.request(of);
    const answer = await client.fetch(path, init);
    const text = `${JSON.stringify([...answer.headers])}\n${await answer.text()}`;
    const told = own.isIn(text, path) ? "own" : "no account";
    return { status: answer.status, told: other.isIn(text, path) ? "THEIRS" : told };
  }

  test("Every route has a row in the table, and every row a route", () => {
    const known = server().routes();
    expect(known.length).toBeGreaterThan(8);
    const without = known.filter((route) => !rows[route]);
    expect(without.map((route) => `${route} has no row: say in this file what it answers to whom`)).toEqual([]);
    const isThere = ([route, row]: [string, Row]) => route.startsWith("*") || row.page || known.includes(route);
    expect(Object.entries(rows).filter((each) => !isThere(each))).toEqual([]);
  });

  test.each(Object.entries(rows))("The route %s shows each caller only their own account", async (route, row) => {
    if (row.page && !server().routes().includes(route)) return;
    const wrong: string[] = [];
    for (const name of callerNames) {
      const { own } = world.callers[name];
      const { status, told } = await ask(name, row, own);
      const isTold = row.tells === "own" && status === 200 && name !== "nobody" ? "own" : "no account";
      if (status !== row.own[name] || told !== isTold) wrong.push(`${name}: ${status}, tells ${told}`);
    }
    expect(wrong).toEqual([]);
  });

  const withIds = Object.entries(rows).filter(([, { theirs }]) => theirs);

  test.each(withIds)("The route %s treats another account’s data as nonexistent", async (_route, row) => {
    const wrong: string[] = [];
    for (const name of callerNames) {
      const { other } = world.callers[name];
      const theirs = await ask(name, row, other);
      const none = await ask(name, row, nothing);
      const isSame = theirs.status === 200 || JSON.stringify(theirs) === JSON.stringify(none);
      if (theirs.status !== row.theirs?.[name] || theirs.told !== "no account" || !isSame)
        wrong.push(`${name}: ${JSON.stringify(theirs)}, and of what does not exist ${JSON.stringify(none)}`);
    }
    expect(wrong).toEqual([]);
  });

  const asSomebody = ["GET /graphql", "POST /graphql", "GET /icons/:id", "GET /exports/audit-trail.csv"];

  test.each(asSomebody)(
    "The route %s denies an account that is not the caller’s like an unknown one",
    async (route) => {
      const row = rows[route] as Row;
      for (const name of callerNames.filter((each) => !inBoth.includes(each))) {
        const { client, own, other } = world.callers[name];
        const { path, init } = row.request(own);
        const askIn = async (account: string) => {
          const answer = await client.copy({ "Hallpass-Account": account }).fetch(path, init);
          return { name, status: answer.status, text: (await answer.text()).replaceAll(account, "…") };
        };
        const theirs = await askIn(other.ids.account);
        expect(theirs).toMatchObject({ name, status: name === "nobody" ? row.own.nobody : 403 });
        expect(theirs).toEqual(await askIn(missing.account));
      }
    },
  );

  test("Only an operator’s verifier can introspect every account’s tokens", async () => {
    const { client, vendor, operations } = world.tenants;
    const row = rows["POST /oauth2/introspect"] as Row;
    const introspect = async (by: Tenant, moduleIds: string[], of: Tenant) => {
      const { value } = await by.createToken({ moduleIds });
      const { path, init } = row.request(of);
      const answer = await server().program(value).fetch(path, init);
      return { status: answer.status, account: ((await answer.json()) as { account?: string }).account };
    };
    for (const each of [client, vendor])
      expect(await introspect(operations, [modules.tokenVerification], each)).toEqual({
        status: 200,
        account: each.ids.account,
      });
    expect(await introspect(operations, [modules.catalogue], client)).toEqual({ status: 403 });
    expect(await introspect(vendor, [modules.catalogue], client)).toEqual({ status: 403 });
  });
});

import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { formatTokenValue } from "@hallpass/shared";
import { createVerifier, requireToken, type Verdict, type Verifier } from "@hallpass/verifier";
import express from "express";
import Fastify from "fastify";
import { accounts, modules } from "../support/platform.js";
import { until } from "../support/programs.js";
import { type CreatedToken, useServer } from "../support/test-server.js";
import { bearer, useVerifier } from "../support/verifier.js";
import { Wire } from "../support/wire.js";

describe("Verifier", () => {
  const server = useServer();
  const use = useVerifier(server);
  const { errors, start, statusOf, warm, verify } = use;

  test("A valid token is allowed, with its ID, name, account, modules and expiry", async () => {
    const expiresAt = "2099-01-01T00:00:00.000Z";
    const token = await server().createToken({ name: "Sync", moduleIds: [modules.orders], expiresAt });
    expect(await verify(token, { modules: [modules.orders] })).toEqual({
      allowed: true,
      token: {
        id: token.id,
        name: "Sync",
        account: { id: accounts.client, name: "Client", type: "CLIENT" },
        modules: [modules.orders],
        expiresAt: new Date(expiresAt),
      },
      headers: {},
    });
  });

  test("A token in memory is decided synchronously, without a request", async () => {
    const token = await warm();
    use.wire.paths.length = 0;
    const verdict = verify(token);
    expect(verdict).not.toBeInstanceOf(Promise);
    expect((verdict as Verdict).allowed).toBe(true);
    expect(use.wire.paths).not.toContain("/verifier/tokens");
  });

  test("Concurrent checks of tokens not in memory share a request", async () => {
    const tokens = await Promise.all([1, 2, 3].map(() => server().createToken()));
    // Their creation is new to the feed, which would have them read once more.
    const looks = () => use.wire.paths.filter((path) => path === "/verifier/changes").length;
    const before = looks();
    await until(() => looks() >= before + 2);
    use.wire.paths.length = 0;
    const statuses = await Promise.all([...tokens, ...tokens, ...tokens].map((token) => statusOf(token)));
    expect(statuses).toEqual(Array(9).fill(200));
    expect(use.wire.paths.filter((path) => path === "/verifier/tokens")).toHaveLength(1);
  });

  test("The verifier decides as /authorize does", async () => {
    const good = await server().createToken();
    const expired = await server().createToken({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    await server().sql("UPDATE api_token SET expires_at = '2020-01-01 00:00:00.000' WHERE id = ?", [expired.id]);
    const cases: Record<string, [string, string[]?, string?]> = {
      good: [good.value],
      "with a module": [good.value, [modules.catalogue]],
      "without a module": [good.value, [modules.catalogue, modules.orders]],
      "another value": [formatTokenValue(good.id, "a".repeat(32))],
      unknown: [formatTokenValue("TKN-9999-9999", "a".repeat(32))],
      malformed: ["hp_nonsense"],
      disabled: [(await server().createTokenThatIs("DISABLED")).value],
      deleted: [(await server().createTokenThatIs("DELETED")).value],
      expired: [expired.value],
      "inside its ranges": [(await server().createToken({ ipRanges: ["203.0.113.0/24"] })).value, [], "203.0.113.9"],
      "outside its ranges": [(await server().createToken({ ipRanges: ["203.0.113.0/24"] })).value, [], "198.51.100.1"],
    };
    for (const [name, [value, needed = [], ip = "192.0.2.1"]] of Object.entries(cases)) {
      const query = needed.length ? `?${needed.map((module) => `module=${module}`).join("&")}` : "";
      const headers = { Authorization: bearer(value), "X-Forwarded-For": ip };
      const theirs = await fetch(`${server().url}/authorize${query}`, { headers });
      const ours = await use.verifier.verify(bearer(value), { modules: needed, ip });
      expect([name, ours.allowed ? 200 : ours.status, ours.headers["WWW-Authenticate"] ?? null]).toEqual([
        name,
        theirs.status,
        theirs.headers.get("www-authenticate"),
      ]);
    }
    expect(use.verifier.verify(undefined)).toMatchObject({ status: 401, reason: "no_token" });
  });

  test("A token with IP ranges is denied if no IP address is given", async () => {
    expect(await statusOf(await server().createToken({ ipRanges: ["0.0.0.0/0"] }))).toBe(403);
  });

  test("A rate limit is kept, with the headers that say so", async () => {
    const token = await server().createToken({ rateLimit: { requests: 2, perSeconds: 60 } });
    expect([await statusOf(token), await statusOf(token)]).toEqual([200, 200]);
    const verdict = await verify(token);
    expect(verdict).toMatchObject({ allowed: false, status: 429, reason: "rate_limited" });
    expect(verdict.headers).toMatchObject({ "RateLimit-Policy": '"token";q=2;w=60', "Retry-After": "30" });
  });

  test("A token’s identity cannot be changed by the code that gets it", async () => {
    const token = await server().createToken();
    const verdict = await verify(token);
    if (!verdict.allowed) throw new Error("It is denied.");
    expect(() => (verdict.token.modules as string[]).push(modules.orders)).toThrow(TypeError);
    expect(() => Object.assign(verdict.token.account, { id: "ACC-9999-9999" })).toThrow(TypeError);
    expect(await statusOf(token, { modules: [modules.orders] })).toBe(403);
  });

  test("A mistyped module is an error, not a requirement that is dropped", () => {
    expect(() => requireToken(use.verifier, ["mod-1310"])).toThrow("is not a module ID");
    for (const module of ["MOD-13", "mod-1310", "orders", ""])
      expect(() => use.verifier.verify(bearer("hp_x"), { modules: [module] })).toThrow("is not a module ID");
  });

  test.each([
    ["of a partner", async () => server().createToken({ moduleIds: [modules.catalogue] })],
    ["without 'Token verification'", async () => server().createToken({ moduleIds: [modules.catalogue] }, "operator")],
  ])("A token %s cannot verify", async (_, create) => {
    const other = start({ token: (await create()).value });
    await expect(Promise.resolve(other.verify(bearer(use.caller.value)))).rejects.toThrow(
      /403: Verifying tokens requires a token of an OPERATIONS account with module MOD-1299\./,
    );
  });

  test("No more tokens are kept than configured", async () => {
    const small = start({ maxTokens: 2 });
    for (let index = 0; index < 4; index++) expect(await statusOf(await server().createToken(), {}, small)).toBe(200);
    // The feed may have dropped a token that was read before the feed reached its creation.
    expect(small.statistics().entries).toBeLessThanOrEqual(2);
  });

  describe("Usage", () => {
    const usageOf = async ({ id }: CreatedToken) => {
      const document = `query ($id: ID!) { apiToken(id: $id) {
        lastAccessAt lastAccessIp lastAccessUserAgent usage(days: 1) { allowed denied } } }`;
      return (await (await server().as("admin")).data(document, { id })).apiToken;
    };
    const origin = { ip: "203.0.113.9", userAgent: "partner/1.0" };

    test("Checks are reported with their origin, and counted once", async () => {
      const reporting = start();
      const token = await server().createToken();
      for (let index = 0; index < 3; index++) await statusOf(token, origin, reporting);
      await statusOf(token, { ...origin, modules: [modules.orders] }, reporting);
      await reporting.close();
      await until(async () => (await usageOf(token)).usage[0].allowed === 3);
      expect(await usageOf(token)).toEqual({
        lastAccessAt: expect.any(String),
        lastAccessIp: "203.0.113.9",
        lastAccessUserAgent: "partner/1.0",
        usage: [{ allowed: 3, denied: 1 }],
      });
    });

    test("A report whose answer is lost is counted once", async () => {
      const lost: string[] = [];
      const reporting = start({ onError: (error) => void lost.push(String(error)) });
      const token = await server().createToken();
      await statusOf(token, origin, reporting);
      use.wire.state = "answerLost";
      await until(() => lost.some((error) => error.includes("reached at /verifier/usage")));
      use.wire.state = "open";
      const later = await server().createToken();
      await statusOf(later, origin, reporting);
      // Reports are sent in order, so what was sent twice is stored before this.
      await reporting.close();
      await until(async () => (await usageOf(later)).usage[0].allowed === 1);
      expect((await usageOf(token)).usage[0]).toEqual({ allowed: 1, denied: 0 });
    });

    test("A client’s user agent and address of any text do not hold up reports", async () => {
      const reporting = start();
      const token = await server().createToken();
      const hostile = { ip: "203.0.113.9:51234", userAgent: `\u009b31m${"x".repeat(2_000)}` };
      await statusOf(token, hostile, reporting);
      await reporting.close();
      expect(errors.filter((error) => String(error).includes("/verifier/usage"))).toEqual([]);
      await until(async () => (await usageOf(token)).usage[0].allowed === 1);
      const { lastAccessIp, lastAccessUserAgent } = await usageOf(token);
      expect([lastAccessIp, lastAccessUserAgent]).toEqual([null, `31m${"x".repeat(252)}`]);
    });

    test("Usage that cannot be reported is kept", async () => {
      const reporting = start();
      const token = await server().createToken();
      await statusOf(token, origin, reporting);
      use.wire.state = "cut";
      await until(() => errors.some((error) => String(error).includes("cannot be reached")));
      await until(() => use.wire.paths.includes("/verifier/usage"));
      use.wire.state = "open";
      await statusOf(token, origin, reporting);
      await reporting.close();
      await until(async () => (await usageOf(token)).usage[0].allowed === 2);
    });

    test("A report from the future counts as now, and an old or malformed one is not counted", async () => {
      const token = await server().createToken();
      const report = (change: object) => {
        const usage = {
          tokenId: token.id,
          day: new Date().toISOString().slice(0, 10),
          allowed: 1,
          denied: 0,
          lastAccessAt: Date.now() + 86_400_000,
          lastOrigin: origin,
          lastUse: [],
          ...change,
        };
        const body = JSON.stringify({ id: String(Math.random()), usages: [usage] });
        const headers = { "Content-Type": "application/json" };
        return server().program(use.caller.value).fetch("/verifier/usage", { method: "POST", body, headers });
      };
      expect((await report({})).status).toBe(204);
      expect((await report({ day: "2020-01-01" })).status).toBe(204);
      for (const change of [{ allowed: -1 }, { tokenId: "x" }, { day: "today" }])
        expect((await report(change)).status).toBe(400);
      await until(async () => (await usageOf(token)).usage[0].allowed === 1);
      expect(Date.parse((await usageOf(token)).lastAccessAt)).toBeLessThanOrEqual(Date.now());
    });
  });
});

describe("Middleware of the verifier", () => {
  const server = useServer();
  let wire: Wire;
  let verifier: Verifier;
  const urls: Record<string, string> = {};
  const closers: (() => unknown)[] = [];

  beforeAll(async () => {
    wire = await Wire.to(() => server().url);
    const { value } = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
    verifier = createVerifier({ url: wire.url, token: value, onError: () => undefined });
    const guard = requireToken(verifier, [modules.orders]);

    const withExpress = express();
    withExpress.use(guard.express);
    withExpress.get("/orders", (request, response) => void response.json((request as never as Seen).hallpass.id));
    const listening = createServer(withExpress).listen(0, "127.0.0.1");
    await once(listening, "listening");
    urls.Express = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/orders`;

    const withFastify = Fastify();
    withFastify.addHook("onRequest", guard.fastify);
    withFastify.get("/orders", async (request) => JSON.stringify((request as never as Seen).hallpass.id));
    urls.Fastify = `${await withFastify.listen({ port: 0, host: "127.0.0.1" })}/orders`;
    closers.push(
      () => listening.close(),
      () => withFastify.close(),
    );
  });
  afterAll(async () => {
    await verifier.close();
    await Promise.all(closers.map((close) => close()));
    wire.close();
  });
  interface Seen {
    hallpass: { id: string };
  }

  test("A bug is not taken for a Hallpass that cannot be reached", async () => {
    const broken = requireToken({
      ...verifier,
      verify() {
        throw new TypeError("A bug.");
      },
    });
    const request = { headers: { authorization: "Bearer x" }, rawHeaders: ["Authorization", "Bearer x"] } as never;
    const passedOn = new Promise((resolve) => broken.express(request, {} as never, resolve));
    expect(String(await passedOn)).toBe("TypeError: A bug.");
    await expect(broken.fastify(request, {} as never)).rejects.toThrow("A bug.");
  });

  test("A request with two Authorization headers is answered with 400", async () => {
    const value = bearer((await server().createToken({ moduleIds: [modules.orders] })).value);
    for (const url of Object.values(urls)) {
      const status = await new Promise((resolve, reject) => {
        // fetch would join them.
        const sent = request(url, { headers: ["Authorization", value, "Authorization", value] as never });
        sent.on("response", (response) => resolve(response.resume().statusCode));
        sent.on("error", reject).end();
      });
      expect(status).toBe(400);
    }
  });

  describe.each(["Express", "Fastify"])("%s", (framework) => {
    const get = async (headers: [string, string][]) => {
      const response = await fetch(urls[framework] ?? "", { headers });
      const text = await response.text();
      return { status: response.status, type: response.headers.get("content-type"), text, headers: response.headers };
    };

    test("A request with a token that has the modules reaches the route, with the token", async () => {
      const token = await server().createToken({ moduleIds: [modules.orders] });
      expect(await get([["Authorization", bearer(token.value)]])).toMatchObject({ status: 200, text: `"${token.id}"` });
    });

    test("Other requests get a problem document and the standard’s challenge", async () => {
      const without = await server().createToken();
      for (const [headers, status, challenge] of [
        [[], 401, 'Bearer realm="hallpass"'],
        [[["Authorization", "Bearer hp_x"]], 401, 'Bearer realm="hallpass", error="invalid_token"'],
        [
          [["Authorization", bearer(without.value)]],
          403,
          `Bearer realm="hallpass", error="insufficient_scope", scope="${modules.orders}"`,
        ],
      ] as [[string, string][], number, string][]) {
        const answer = await get(headers);
        expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([status, challenge]);
        expect(answer.type).toMatch(/^application\/problem\+json/);
        expect(JSON.parse(answer.text)).toMatchObject({ type: "about:blank", status, detail: expect.any(String) });
      }
    });

    test("A request is answered with 503 while Hallpass cannot be reached", async () => {
      const token = await server().createToken({ moduleIds: [modules.orders] });
      wire.state = "cut";
      const answer = await get([["Authorization", bearer(token.value)]]);
      wire.state = "open";
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    });
  });
});

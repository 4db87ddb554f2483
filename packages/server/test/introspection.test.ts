import { once } from "node:events";
import http from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { formatTokenValue } from "@hallpass/shared";
import * as oauth4webapi from "oauth4webapi";
import * as oauth from "openid-client";
import { type Client, queries } from "./support/client.js";
import { accounts, modules, testPlatform } from "./support/platform.js";
import { type CreatedToken, useServer } from "./support/test-server.js";

describe("Introspection", () => {
  const server = useServer();
  let verifier: CreatedToken;
  let token: CreatedToken;
  const form = "application/x-www-form-urlencoded";
  const basic = (user: string, password: string) => ({
    Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
  });

  beforeAll(async () => {
    verifier = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
    token = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
  });

  const post = (client: Client, body: string, headers: Record<string, string> = {}) =>
    client.fetch("/oauth2/introspect", { method: "POST", body, headers: { "Content-Type": form, ...headers } });
  const introspect = async (value: string, client = server().program(verifier.value)) => {
    const answer = await post(client, new URLSearchParams({ token: value }).toString());
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  };

  test("Introspection of a valid token returns its ID, account, modules and creation time", async () => {
    const { status, headers, body } = await introspect(token.value);
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(headers.get("content-type")).toContain("application/json");
    expect(body).toEqual({
      active: true,
      sub: token.id,
      client_id: token.id,
      scope: expect.any(String),
      modules: String(body.scope).split(" "),
      account: accounts.client,
      token_type: "Bearer",
      iat: expect.any(Number),
    });
    expect(String(body.scope).split(" ").sort()).toEqual([modules.catalogue, modules.orders]);
    const { apiToken } = await (await server().as("admin")).data(queries.apiToken, { id: token.id });
    expect(body.iat).toBe(Math.floor(Date.parse(apiToken.createdAt) / 1000));
  });

  test("Introspection returns the expiry in seconds", async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const { value } = await server().createToken({ expiresAt: expiresAt.toISOString() });
    expect((await introspect(value)).body.exp).toBe(Math.floor(expiresAt.getTime() / 1000));
  });

  test("Introspection of an invalid token returns only that it is inactive", async () => {
    const disabled = await server().createTokenThatIs("DISABLED");
    const deleted = await server().createTokenThatIs("DELETED");
    const expired = await server().createToken({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    const values = {
      unknown: formatTokenValue("TKN-9999-9999", "a".repeat(32)),
      "another value": formatTokenValue(token.id, "a".repeat(32)),
      malformed: "junk",
      empty: "",
      "a wrong checksum": token.value.slice(0, -1) + (token.value.endsWith("0") ? "1" : "0"),
      "with a space": `${token.value} `,
      disabled: disabled.value,
      deleted: deleted.value,
    };
    for (const [what, value] of Object.entries(values)) {
      const { status, body } = await introspect(value);
      expect({ what, status, body }).toEqual({ what, status: 200, body: { active: false } });
    }
    server().clock.stopAt(new Date(Date.now() + 3_600_000));
    try {
      expect((await introspect(expired.value)).body).toEqual({ active: false });
    } finally {
      server().clock.stopAt(null);
    }
  });

  const methods = { basic: oauth.ClientSecretBasic, post: oauth.ClientSecretPost };

  test.each(["basic", "post"] as const)(
    "A standard OAuth client can introspect by client_secret_%s",
    async (method) => {
      const metadata = { issuer: server().url, introspection_endpoint: `${server().url}/oauth2/introspect` };
      const client = new oauth.Configuration(metadata, verifier.id, undefined, methods[method](verifier.value));
      oauth.allowInsecureRequests(client);
      expect(await oauth.tokenIntrospection(client, token.value)).toMatchObject({ active: true, sub: token.id });
      expect(await oauth.tokenIntrospection(client, "junk")).toEqual({ active: false });
      expect(await oauth.tokenIntrospection(client, token.value, { token_type_hint: "access_token" })).toMatchObject({
        active: true,
      });

      const stranger = new oauth.Configuration(metadata, token.id, undefined, methods[method](verifier.value));
      oauth.allowInsecureRequests(stranger);
      await expect(oauth.tokenIntrospection(stranger, token.value)).rejects.toMatchObject({ status: 401 });
    },
  );

  test("A client that authenticates in two ways gets invalid_request", async () => {
    const body = new URLSearchParams({
      token: token.value,
      client_id: verifier.id,
      client_secret: verifier.value,
    }).toString();
    expect((await post(server().nobody(), body)).status).toBe(200);
    for (const answer of [
      await post(server().program(verifier.value), body),
      await post(server().nobody().with(basic(verifier.id, verifier.value)), body),
      await post(server().nobody(), `${body}&client_secret=${verifier.value}`),
    ]) {
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: "invalid_request" });
    }
  });

  test("The server’s metadata tells a client where it introspects and revokes tokens", async () => {
    const issuer = new URL(server().app.config.publicUrl.origin);
    const known = await fetch(new URL("/.well-known/oauth-authorization-server", server().url));
    const metadata = await oauth4webapi.processDiscoveryResponse(issuer, known);
    expect(metadata).toMatchObject({
      introspection_endpoint: `${issuer.origin}/oauth2/introspect`,
      introspection_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "Bearer"],
      revocation_endpoint: `${issuer.origin}/oauth2/revoke`,
    });
  });

  test("The caller can authenticate with Basic, using the token’s ID and value", async () => {
    const caller = server().nobody().with(basic(verifier.id, verifier.value));
    expect((await introspect(token.value, caller)).body.active).toBe(true);
    for (const [user, password] of [
      [token.id, verifier.value],
      ["", verifier.value],
      [verifier.id, ""],
      [verifier.id, "junk"],
      [verifier.id, formatTokenValue(verifier.id, "a".repeat(32))],
      ["%", "%E0%A4%A"],
    ] as const)
      expect((await introspect(token.value, server().nobody().with(basic(user, password)))).status).toBe(401);
  });

  test("A caller without a valid token gets 401 with a challenge", async () => {
    const disabled = await server().createTokenThatIs(
      "DISABLED",
      { moduleIds: [modules.tokenVerification] },
      "operator",
    );
    const callers = [server().nobody(), server().program("junk"), server().program(disabled.value)];
    for (const caller of [...callers, server().nobody().with({ Authorization: "Basic ???" })]) {
      const { status, headers, body } = await introspect(token.value, caller);
      expect([status, headers.get("content-type")]).toEqual([401, expect.stringContaining("application/json")]);
      // RFC 6750, section 3.1: no error if no credential was sent.
      const presented = caller === callers[0] ? "" : ', error="invalid_token"';
      expect(headers.get("www-authenticate")).toBe(`Bearer realm="hallpass"${presented}, Basic realm="hallpass"`);
      expect([body.error, headers.get("cache-control")]).toEqual(["invalid_client", "no-store"]);
    }
  });

  test("Introspection requires a token of an OPERATIONS account with the Token verification module", async () => {
    const without = await server().createToken({ moduleIds: [modules.catalogue] }, "operator");
    const platform = testPlatform();
    for (const { id, modules: enabled } of platform.accounts)
      if (id === accounts.client) enabled.push(modules.tokenVerification);
    await server().apply(platform);
    const ofClient = await server().createToken({ moduleIds: [modules.tokenVerification] });
    for (const { value } of [without, token, ofClient]) {
      const { status, body } = await introspect(token.value, server().program(value));
      expect([status, body.error]).toEqual([403, "unauthorized_client"]);
    }
    const person = await server().as("operator");
    expect((await introspect(token.value, person)).status).toBe(401);
  });

  test("Introspection accepts exactly one form-encoded token in a body of limited size", async () => {
    const caller = server().program(verifier.value);
    const value = encodeURIComponent(token.value);
    const statusOf = async (body: string, type = form) => (await post(caller, body, { "Content-Type": type })).status;
    expect(await statusOf("")).toBe(400);
    expect(await statusOf("other=1")).toBe(400);
    expect(await statusOf(`token=${value}&token=${value}`)).toBe(400);
    expect(await statusOf(`token=${value}&more=${"x".repeat(100_000)}`)).toBe(413);
    expect(await statusOf(JSON.stringify({ token: token.value }), "application/json")).toBe(415);
    expect(await statusOf(`token=${value}`, "text/plain")).toBe(415);
    expect(await statusOf(`token=${value}`, `${form}; charset=UTF-8`)).toBe(200);
  });

  test("A body can come in pieces of unknown length, but its size is limited all the same", async () => {
    const inPieces = async (...pieces: string[]) => {
      const headers = { "Content-Type": form, Authorization: `Bearer ${verifier.value}` };
      const request = http.request(`${server().url}/oauth2/introspect/`, { method: "POST", headers });
      request.on("error", () => {});
      for (const piece of pieces) {
        request.write(piece);
        await nextTurn();
      }
      request.end();
      const [answer] = (await once(request, "response")) as [http.IncomingMessage];
      return { status: answer.statusCode, body: await text(answer) };
    };
    const { status, body } = await inPieces("tok", "en=", encodeURIComponent(token.value));
    expect([status, JSON.parse(body)]).toMatchObject([200, { active: true, sub: token.id }]);
    expect(await inPieces(`token=${token.value}&more=`, "x".repeat(10_000), "x".repeat(10_000))).toMatchObject({
      status: 413,
      body: expect.stringContaining("invalid_request"),
    });
  });

  test("A body that is announced as too large is rejected before it arrives", async () => {
    const { hostname, port } = new URL(server().url);
    const socket = connect(Number(port), hostname);
    const head = [
      "POST /oauth2/introspect HTTP/1.1",
      "Host: hallpass",
      `Content-Type: ${form}`,
      "Content-Length: 20000",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 .*Connection: close.*"error":"invalid_request"/is);
  });

  test("Introspection repeats the request’s ID", async () => {
    const caller = server().program(verifier.value);
    const { headers } = await introspect(token.value, caller.with({ "X-Request-Id": "from-the-gateway" }));
    expect(headers.get("x-request-id")).toBe("from-the-gateway");
    expect((await introspect(token.value, caller)).headers.get("x-request-id")).toMatch(/^[\w-]{38,}$/);
  });

  test("A GET request for introspection returns 405 without repeating the token", async () => {
    const answer = await server().program(verifier.value).fetch(`/oauth2/introspect?token=${token.value}`);
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await answer.text()).not.toContain(token.value);
  });

  test("A credential in the URL is rejected, alone or with another", async () => {
    const inAddress = `/oauth2/introspect?access_token=${verifier.value}`;
    const init = { method: "POST", body: `token=${token.value}`, headers: { "Content-Type": form } };
    expect((await server().nobody().fetch(inAddress, init)).status).toBe(400);
    expect((await server().program(verifier.value).fetch(inAddress, init)).status).toBe(400);
  });
});

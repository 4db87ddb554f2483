import { formatTokenValue } from "@hallpass/shared";
import * as oauth from "openid-client";
import { queries } from "./support/client.js";
import { modules } from "./support/platform.js";
import { useServer } from "./support/test-server.js";

describe("Revocation by a holder of the value", () => {
  const server = useServer();
  const post = (body: string | object, client = server().nobody()) =>
    client.fetch("/oauth2/revoke", {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "Content-Type": typeof body === "string" ? "application/x-www-form-urlencoded" : "application/json" },
    });
  const checked = async (value: string) => (await server().program(value).fetch("/authorize")).status;
  const statusOf = async (id: string) =>
    (await (await server().as("admin")).data(queries.apiToken, { id })).apiToken.status;

  test("A standard OAuth client without credentials can revoke its token", async () => {
    const { id, name, value } = await server().createToken();
    const metadata = { issuer: server().url, revocation_endpoint: `${server().url}/oauth2/revoke` };
    const client = new oauth.Configuration(metadata, "any", undefined, oauth.None());
    oauth.allowInsecureRequests(client);
    await oauth.tokenRevocation(client, value);
    expect(await checked(value)).toBe(401);
    expect(await statusOf(id)).toBe("DISABLED");
    const record = (await server().trail("admin", { objectIds: [id] })).at(-1);
    expect(record).toMatchObject({
      event: "api_token.disabled",
      summary: `API token ${name} disabled by a holder of its value`,
      actor: null,
      ip: expect.stringMatching(/./),
    });
  });

  test("The answer to an invalid value is the same and changes nothing", async () => {
    const token = await server().createToken();
    const disabled = await server().createTokenThatIs("DISABLED");
    const deleted = await server().createTokenThatIs("DELETED");
    const before = (await server().trail()).length;
    const answer = async (value: string) => {
      const response = await post(new URLSearchParams({ token: value }).toString());
      return { status: response.status, text: await response.text(), cache: response.headers.get("cache-control") };
    };
    for (const value of [
      "junk",
      "",
      formatTokenValue("TKN-9999-9999", "a".repeat(32)),
      formatTokenValue(token.id, "a".repeat(32)),
      token.value.toUpperCase(),
      disabled.value,
      deleted.value,
    ])
      expect(await answer(value)).toEqual({ status: 200, text: "", cache: "no-store" });
    expect(await checked(token.value)).toBe(200);
    expect((await server().trail()).length).toBe(before);
    expect(await answer(token.value)).toEqual({ status: 200, text: "", cache: "no-store" });
  });

  test("A previous value revokes its token while it is valid, and no longer", async () => {
    const admin = await server().as("admin");
    const token = await server().createToken();
    const rotated = await admin.mutate("rotateApiToken", { id: token.id, overlapSeconds: 0 });
    await post(new URLSearchParams({ token: token.value }).toString());
    expect(await checked(rotated.value)).toBe(200);
    const again = await admin.mutate("rotateApiToken", { id: token.id, overlapSeconds: 60 });
    await post(new URLSearchParams({ token: rotated.value }).toString());
    expect(await checked(again.value)).toBe(401);
  });

  test("A leak report disables every token it lists, and its records have the reason and the URL", async () => {
    const leaked = await Promise.all(Array.from({ length: 5 }, () => server().createToken()));
    const other = await server().createToken({}, "operator");
    const values = [...leaked, other].map(({ value }) => value);
    const url = "https://git.example/partner/app/blob/main/.env";
    const response = await post({
      tokens: ["junk", ...values, ...values],
      reason: "Found in a public repository",
      url,
    });
    expect(response.status).toBe(200);
    for (const value of values) expect(await checked(value)).toBe(401);
    const records = await server().trail("admin", {
      objectIds: leaked.map(({ id }) => id),
      events: ["api_token.disabled"],
    });
    expect(records.length).toBe(5);
    for (const { summary, details } of records) {
      expect(summary).toBe("API token Robot disabled because its value was reported as leaked");
      expect(JSON.stringify(details)).toContain("Found in a public repository");
      expect(JSON.stringify(details)).toContain(url);
    }
    expect(JSON.stringify(server().log)).not.toContain(leaked[0]?.value.slice(-38));
  });

  test.each([
    ["no token", ""],
    ["another parameter", "value=1"],
    ["two tokens", "token=a&token=b"],
    ["malformed JSON", "{"],
    ["no values", { tokens: [] }],
    ["1,001 values", { tokens: Array(1_001).fill("a") }],
    ["numbers", { tokens: [1] }],
    ["JSON without tokens", { reason: "x" }],
  ])("A request with %s gets invalid_request", async (_what, body) => {
    const response = await (body === "{"
      ? server()
          .nobody()
          .fetch("/oauth2/revoke", { method: "POST", body, headers: { "Content-Type": "application/json" } })
      : post(body));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: "invalid_request" });
  });

  test("A network can send 60 requests a minute", async () => {
    const client = server().nobody();
    for (let sent = 0; sent < 60; sent++) expect((await post("token=none", client)).status).toBe(200);
    const { value } = await server().createToken({ moduleIds: [modules.catalogue] });
    const response = await post(new URLSearchParams({ token: value }).toString(), client);
    expect([response.status, Number(response.headers.get("retry-after"))]).toEqual([429, expect.any(Number)]);
    expect(await checked(value)).toBe(200);
  });
});

import { modules } from "./support/platform.js";
import { type CreatedToken, useServer } from "./support/test-server.js";

const limited = `mutation ($input: UpdateApiTokenInput!) {
  updateApiToken(input: $input) { apiToken { ipRanges rateLimit { requests perSeconds } version } userErrors { code field message } }
}`;
const json = { "Content-Type": "application/json" };
const viewer = { method: "POST", headers: json, body: '{"query":"{ viewer { account { id } } }"}' };

describe("IP ranges", () => {
  const server = useServer();
  let verifier: CreatedToken;
  beforeAll(async () => {
    verifier = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
  });

  /** What each door answers to the token from the IP address. */
  async function from(ip: string, value: string) {
    const client = server().program(value).with({ "X-Forwarded-For": ip });
    const verifierThere = server().program(verifier.value).with({ "X-Forwarded-For": ip });
    const body = new URLSearchParams({ token: value });
    const introspected = await verifierThere.fetch("/oauth2/introspect", { method: "POST", body });
    const { active } = (await introspected.json()) as { active: boolean };
    return [(await client.fetch("/authorize")).status, (await client.fetch("/graphql", viewer)).status, active];
  }

  test("A token with IP ranges works only from them: at the gateway check, GraphQL and introspection", async () => {
    const { value } = await server().createToken({ ipRanges: ["203.0.113.0/24", "198.51.100.7", "2001:db8:1::/48"] });
    const inside = ["203.0.113.0", "203.0.113.255", "198.51.100.7", "2001:db8:1::1", "::ffff:203.0.113.9"];
    for (const ip of inside) expect({ ip, seen: await from(ip, value) }).toEqual({ ip, seen: [200, 200, true] });
    const outside = ["203.0.114.0", "198.51.100.8", "2001:db8:2::1", "10.0.0.1", "::1"];
    for (const ip of outside) expect({ ip, seen: await from(ip, value) }).toEqual({ ip, seen: [403, 403, false] });
  });

  test("The response says why, and the log too", async () => {
    const { id, value } = await server().createToken({ ipRanges: ["203.0.113.0/24"] });
    const answer = await server().program(value).fetch("/authorize");
    expect(answer.headers.get("www-authenticate")).toBe(
      'Bearer realm="hallpass", error="insufficient_scope", error_description="The IP address is outside the token\'s ranges"',
    );
    const { errors } = await server().program(value).ask("{ viewer { account { id } } }");
    expect(errors[0]).toMatchObject({
      message: "The API token cannot be used from this IP address.",
      extensions: { code: "FORBIDDEN" },
    });
    expect(server().log.some((line) => line.includes(id) && line.includes("outside_ip_ranges"))).toBe(true);
  });

  test("A header of an untrusted client does not change its IP address", async () => {
    const { value } = await server().createToken({ ipRanges: ["203.0.113.0/24"] });
    // The proxy at 127.0.0.1 is trusted, and names the client last.
    expect((await from("203.0.113.5, 10.0.0.1", value))[0]).toBe(403);
  });

  test("New ranges apply to the next request, and to a change that a token is making", async () => {
    const admin = await server().as("admin");
    const { id, value } = await server().createToken({ moduleIds: [modules.accessManagement] });
    expect((await from("10.0.0.1", value))[0]).toBe(200);
    const { apiToken } = await admin.mutate(limited, { id, ipRanges: ["203.0.113.0/24"] });
    expect(apiToken.ipRanges).toEqual(["203.0.113.0/24"]);
    expect((await from("10.0.0.1", value))[0]).toBe(403);
    await admin.mutate(limited, { id, ipRanges: null });
    expect((await from("10.0.0.1", value))[0]).toBe(200);
  });

  test.each([
    ["10.1.2.3/8", "'10.1.2.3/8' is not the start of a range. Did you mean 10.0.0.0/8?"],
    ["2001:db8::1/32", "'2001:db8::1/32' is not the start of a range. Did you mean 2001:db8::/32?"],
    ["10.0.0.0/33", "'10.0.0.0/33' is not an IP address or a CIDR such as 203.0.113.0/24."],
    ["10.0.0", "'10.0.0' is not an IP address or a CIDR such as 203.0.113.0/24."],
    ["010.0.0.1", "'010.0.0.1' is not an IP address or a CIDR such as 203.0.113.0/24."],
    ["10.0.0.0/", "'10.0.0.0/' is not an IP address or a CIDR such as 203.0.113.0/24."],
    ["fe80::1%eth0", "'fe80::1%eth0' is not an IP address or a CIDR such as 203.0.113.0/24."],
    ["partner.example", "'partner.example' is not an IP address or a CIDR such as 203.0.113.0/24."],
    ["::ffff:10.0.0.1", "Write '::ffff:10.0.0.1' as an IPv4 address."],
    ["", "'' is not an IP address or a CIDR such as 203.0.113.0/24."],
  ])("The range %p is rejected with a message", async (range, message) => {
    const admin = await server().as("admin");
    const input = { name: "Robot", moduleIds: [modules.catalogue], ipRanges: ["203.0.113.0/24", range] };
    const { userErrors } = await admin.mutate("createApiToken", input);
    expect(userErrors).toEqual([{ code: "INVALID", field: ["ipRanges", "1"], message }]);
  });

  test("Ranges are stored in canonical form, each once, and up to 100", async () => {
    const admin = await server().as("admin");
    const { id } = await server().createToken();
    const { apiToken } = await admin.mutate(limited, { id, ipRanges: ["10.0.0.1", "10.0.0.1/32", "2001:DB8:0::/32"] });
    expect(apiToken.ipRanges).toEqual(["10.0.0.1/32", "2001:db8::/32"]);
    const many = Array.from({ length: 101 }, (_, index) => `10.0.0.${index}`);
    expect((await admin.mutate(limited, { id, ipRanges: many })).userErrors[0]).toMatchObject({ code: "TOO_LONG" });
    const record = (await server().trail("admin", { objectIds: [id] })).at(-1);
    expect(record?.event).toBe("api_token.updated");
    expect(JSON.stringify(record?.details)).toContain("2001:db8::/32");
  });

  test("A token grants access only from within its own ranges", async () => {
    const creator = await server().createToken({
      moduleIds: [modules.accessManagement],
      ipRanges: ["203.0.113.0/24", "2001:db8::/32"],
      rateLimit: { requests: 500, perSeconds: 1 },
    });
    const client = server().program(creator.value).with({ "X-Forwarded-For": "203.0.113.5" });
    const create = (ipRanges?: unknown) =>
      client.mutate(
        "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { apiToken { id ipRanges rateLimit { requests perSeconds } } userErrors { code field message } } }",
        { name: "Child", moduleIds: [modules.accessManagement], ...(ipRanges !== undefined && { ipRanges }) },
      );
    const { apiToken } = await create();
    expect(apiToken).toMatchObject({
      ipRanges: ["203.0.113.0/24", "2001:db8::/32"],
      rateLimit: { requests: 500, perSeconds: 1 },
    });
    expect((await create(["203.0.113.128/25", "2001:db8:5::/48"])).apiToken).not.toBeNull();
    for (const wider of [[], null, ["203.0.112.0/23"], ["0.0.0.0/0"], ["203.0.113.7", "10.0.0.1"], ["::/0"]])
      expect({ wider, errors: (await create(wider)).userErrors }).toMatchObject({
        wider,
        errors: [{ code: "INVALID", field: ["ipRanges"] }],
      });
    const widened = await client.mutate(limited, { id: apiToken.id, ipRanges: null });
    expect(widened.userErrors).toMatchObject([{ code: "INVALID", field: ["ipRanges"] }]);
    const narrowed = await client.mutate(limited, { id: apiToken.id, ipRanges: ["203.0.113.64/26"] });
    expect(narrowed.apiToken.ipRanges).toEqual(["203.0.113.64/26"]);
  });
});

describe("Rate limits", () => {
  const server = useServer();
  const hour = { requests: 3, perSeconds: 3_600 };

  test("A token’s requests above its limit get 429 with Retry-After and RateLimit", async () => {
    const { value } = await server().createToken({ rateLimit: hour });
    const check = () => server().program(value).fetch("/authorize");
    server().clock.stopAt(new Date());
    try {
      for (const [remaining, full] of [
        [2, 1_200],
        [1, 2_400],
        [0, 3_600],
      ]) {
        const { status, headers } = await check();
        expect([status, headers.get("ratelimit-policy")]).toEqual([200, '"token";q=3;w=3600']);
        expect(headers.get("ratelimit")).toBe(`"token";r=${remaining};t=${full}`);
      }
      const { status, headers } = await check();
      expect([status, headers.get("ratelimit"), headers.get("retry-after")]).toEqual([
        429,
        '"token";r=0;t=3600',
        "1200",
      ]);
    } finally {
      server().clock.stopAt(null);
    }
  });

  test("The bucket fills up again as time passes", async () => {
    const { value } = await server().createToken({ rateLimit: { requests: 2, perSeconds: 60 } });
    const status = async () => (await server().program(value).fetch("/authorize")).status;
    server().clock.stopAt(new Date());
    try {
      expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
      server().clock.stopAt(new Date(server().clock.now().getTime() + 30_000));
      expect([await status(), await status()]).toEqual([200, 429]);
      server().clock.stopAt(new Date(server().clock.now().getTime() + 60_000));
      expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    } finally {
      server().clock.stopAt(null);
    }
  });

  test("Gateway check, GraphQL and introspection share a token’s limit", async () => {
    const verifier = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
    const { value } = await server().createToken({ rateLimit: hour });
    const body = new URLSearchParams({ token: value });
    const introspect = () => server().program(verifier.value).fetch("/oauth2/introspect", { method: "POST", body });
    expect((await server().program(value).fetch("/authorize")).status).toBe(200);
    expect((await server().program(value).fetch("/graphql", viewer)).status).toBe(200);
    expect(await (await introspect()).json()).toMatchObject({ active: true });
    expect((await server().program(value).fetch("/authorize")).status).toBe(429);
    const { status, headers, errors } = await server().program(value).ask("{ viewer { account { id } } }");
    expect([status, headers.get("retry-after"), errors[0]?.extensions.code]).toEqual([
      429,
      expect.stringMatching(/^\d+$/),
      "RATE_LIMITED",
    ]);
    expect(errors[0]?.message).toBe("The API token has reached its limit of 3 requests per 3,600 seconds.");
    const introspected = await introspect();
    expect([introspected.status, await introspected.json()]).toMatchObject([429, { error: "temporarily_unavailable" }]);
  });

  test("A denied request takes nothing from the limit", async () => {
    const { id, value } = await server().createToken({ rateLimit: { requests: 1, perSeconds: 3_600 } });
    const admin = await server().as("admin");
    expect((await server().program(value).fetch("/authorize?module=MOD-1290")).status).toBe(403);
    await admin.mutate("disableApiToken", { id });
    expect((await server().program(value).fetch("/authorize")).status).toBe(401);
    await admin.mutate("enableApiToken", { id });
    expect((await server().program(value).fetch("/authorize")).status).toBe(200);
    expect((await server().program(value).fetch("/authorize")).status).toBe(429);
  });

  test.each([
    [{ requests: 0, perSeconds: 1 }, "requests", "Enter 1 to 1,000,000 requests."],
    [{ requests: 1_000_001, perSeconds: 1 }, "requests", "Enter 1 to 1,000,000 requests."],
    [{ requests: 1, perSeconds: 0 }, "perSeconds", "Enter 1 to 86,400 seconds."],
    [{ requests: 1, perSeconds: 86_401 }, "perSeconds", "Enter 1 to 86,400 seconds."],
  ])("The limit %j is rejected with a message", async (rateLimit, field, message) => {
    const { id } = await server().createToken();
    const { userErrors } = await (await server().as("admin")).mutate(limited, { id, rateLimit });
    expect(userErrors).toEqual([{ code: "INVALID", field: ["rateLimit", field], message }]);
  });

  test("A limit can be set, kept and removed", async () => {
    const admin = await server().as("admin");
    const { id } = await server().createToken();
    const rateLimit = { requests: 100, perSeconds: 60 };
    expect((await admin.mutate(limited, { id, rateLimit })).apiToken.rateLimit).toEqual(rateLimit);
    expect((await admin.mutate(limited, { id, ipRanges: [] })).apiToken.rateLimit).toEqual(rateLimit);
    expect((await admin.mutate(limited, { id, rateLimit: null })).apiToken.rateLimit).toBeNull();
  });
});

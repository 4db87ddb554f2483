import { useServer } from "./support/test-server.js";

const partner = "https://partner.example";
const query = { query: "{ viewer { account { id } } }" };
const json = { "Content-Type": "application/json" };

describe("Pages of other origins", () => {
  const server = useServer({ env: { CORS_ORIGINS: `${partner}, https://other.example:8443` } });
  const preflight = (origin: string, path = "/graphql") =>
    fetch(new URL(path, server().url), {
      method: "OPTIONS",
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
      },
    });
  const corsHeaders = ({ headers }: Response) =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));

  test("A page of a listed origin may send a token, but no cookies", async () => {
    const answer = await preflight(partner);
    expect(answer.status).toBe(204);
    expect(corsHeaders(answer)).toEqual({
      "access-control-allow-origin": partner,
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": "authorization,content-type",
      "access-control-expose-headers":
        "Hallpass-Expires-At, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id",
      "access-control-max-age": "7200",
    });
  });

  test("Responses, errors too, can be read by a listed origin alone", async () => {
    const { value } = await server().createToken();
    for (const [authorization, status] of [
      [`Bearer ${value}`, 200],
      ["Bearer junk", 401],
    ] as const)
      for (const [origin, allowed] of [
        [partner, partner],
        ["https://other.example:8443", "https://other.example:8443"],
        ["https://evil.example", null],
        ["https://partner.example.evil.example", null],
        ["http://partner.example", null],
        ["null", null],
      ] as const) {
        const headers = { ...json, Origin: origin, Authorization: authorization };
        const answer = await server()
          .nobody()
          .fetch("/graphql", { method: "POST", headers, body: JSON.stringify(query) });
        expect({ origin, status: answer.status, allowed: answer.headers.get("access-control-allow-origin") }).toEqual({
          origin,
          status,
          allowed,
        });
        expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
        expect(answer.headers.get("vary")).toMatch(/origin/i);
      }
  });

  test("Only GraphQL is open to other origins", async () => {
    for (const path of ["/", "/oauth2/introspect", "/icons/TKN-0000-0000", "/exports/audit-trail.csv", "/healthz"]) {
      const answer = await preflight(partner, path);
      expect({ path, status: answer.status, headers: corsHeaders(answer) }).toEqual({ path, status: 404, headers: {} });
    }
  });
});

describe("Without CORS_ORIGINS", () => {
  const server = useServer();

  test("No response is open to another origin", async () => {
    const headers = { ...json, Origin: partner };
    const answer = await server()
      .nobody()
      .fetch("/graphql", { method: "POST", headers, body: JSON.stringify(query) });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    const preflight = await server()
      .nobody()
      .fetch("/graphql", {
        method: "OPTIONS",
        headers: { Origin: partner, "Access-Control-Request-Method": "POST" },
      });
    expect(preflight.status).toBe(404);
  });
});

describe("Queries by GET", () => {
  const server = useServer();
  const path = `/graphql?query=${encodeURIComponent("{ viewer { account { id } } }")}`;

  test("A program needs no header but Authorization", async () => {
    const { value } = await server().createToken();
    const answer = await server().program(value).fetch(path);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { data: { viewer: { account: { id: expect.any(String) } } } },
    ]);
  });

  test("A session’s cookie alone is rejected, and never used beside another credential", async () => {
    const admin = await server().as("admin");
    expect((await admin.copy().fetch(path)).status).toBe(400);
    // A browser sends these by itself once a person has entered them.
    expect((await admin.copy({ Authorization: "Basic YTpi" }).fetch(path)).status).toBe(401);
  });

  test("A mutation cannot be sent by GET", async () => {
    const { value } = await server().createToken({ moduleIds: ["MOD-1255"] });
    const mutation = "mutation { signOut { userErrors { code } } }";
    const answer = await server()
      .program(value)
      .fetch(`/graphql?query=${encodeURIComponent(mutation)}`);
    expect(answer.status).toBe(405);
  });
});

import { modules } from "../../support/platform.js";
import { until } from "../../support/programs.js";
import { TestServer, useServer } from "../../support/test-server.js";

describe("Recorded IP address", () => {
  const server = useServer({ env: { TRUST_PROXY: "127.0.0.1,10.0.0.0/8" } });

  /** The stored IP addresses after a check with each of these headers, each by a new token. */
  async function addressesOf(at: TestServer, ...all: Record<string, string>[]): Promise<(string | null)[]> {
    const ids: string[] = [];
    for (const headers of all) {
      const { id, value } = await at.createToken();
      const answer = await fetch(`${at.url}/authorize`, { headers: { ...headers, Authorization: `Bearer ${value}` } });
      expect(answer.status).toBe(200);
      ids.push(id);
    }
    const stored = async (id: string) =>
      (await at.sql("SELECT ip, last_access_at AS at FROM api_token_access WHERE token_id = ?", [id]))[0];
    const rows = () => Promise.all(ids.map(stored));
    await until(async () => (await rows()).every(({ at }) => at !== null), { everyMs: 50 });
    return (await rows()).map(({ ip }) => ip);
  }

  test("The recorded IP address is the first from the right that is not a trusted proxy", async () => {
    expect(
      await addressesOf(
        server(),
        {},
        { "X-Forwarded-For": "203.0.113.9" },
        { "X-Forwarded-For": "192.0.2.66, 203.0.113.9, 10.1.2.3" },
        { "X-Forwarded-For": "2001:db8::7" },
        // With underscores, the header is ignored, because some gateways forward it from the client.
        { X_Forwarded_For: "203.0.113.9" },
      ),
    ).toEqual(["127.0.0.1", "203.0.113.9", "203.0.113.9", "2001:db8::7", "127.0.0.1"]);
  });

  test("A malformed X-Forwarded-For is recorded as null without losing usage", async () => {
    const junk = ["x".repeat(300), "203.0.113.9, <script>", "203.0.113.9:4711"];
    const headers = junk.map((each) => ({ "X-Forwarded-For": each }));
    expect(await addressesOf(server(), ...headers, {})).toEqual([null, null, null, "127.0.0.1"]);
  });

  test("A malformed X-Forwarded-For does not block an administrator’s change", async () => {
    const known = await server().as("admin");
    const admin = known.with({ "X-Forwarded-For": "x".repeat(300) });
    for (const [name, value] of known.cookies) admin.cookies.set(name, value);
    const created = await admin.mutate("createApiToken", { name: "Robot", moduleIds: [modules.catalogue] });
    expect(created.userErrors).toEqual([]);
  });

  test("The connection’s IP address is recorded if no proxy is trusted", async () => {
    const alone = await TestServer.start({ env: { TRUST_PROXY: "" } });
    try {
      expect(await addressesOf(alone, { "X-Forwarded-For": "203.0.113.9" })).toEqual(["127.0.0.1"]);
    } finally {
      await alone.close();
    }
  });
});

describe("Unlisted proxies", () => {
  const ready = async (at: TestServer) => (await fetch(`${at.url}/readyz`)).json();
  const warnings = (at: TestServer) => at.log.filter((line) => line.includes("TRUST_PROXY"));

  test.each(["X-Forwarded-For", "Forwarded"])(
    "An unlisted proxy that sends %s is shown in /readyz and logged once",
    async (header) => {
      const server = await TestServer.start({ env: { TRUST_PROXY: "10.0.0.0/8" } });
      try {
        await fetch(`${server.url}/authorize`, { headers: { Authorization: "Bearer x" } });
        expect(await ready(server)).toMatchObject({ status: "ok", proxy: "ok" });
        expect(warnings(server)).toEqual([]);
        for (let request = 0; request < 3; request++) {
          await fetch(`${server.url}/authorize`, {
            headers: { Authorization: "Bearer x", [header]: "for=203.0.113.9" },
          });
          await fetch(`${server.url}/graphql?query={viewer{role}}`, { headers: { [header]: "for=203.0.113.9" } });
        }
        // Anyone can send such a header, so it does not affect readiness.
        expect(await ready(server)).toMatchObject({ status: "ok", proxy: "untrusted" });
        expect(warnings(server).map((line) => JSON.parse(line))).toEqual([
          expect.objectContaining({ level: 40, peer: "127.0.0.1" }),
        ]);
        expect(warnings(server).join("")).not.toContain("203.0.113.9");
      } finally {
        await server.close();
      }
    },
  );

  test("A listed proxy is not reported", async () => {
    const server = await TestServer.start();
    await server.signIn("admin");
    expect([await ready(server), warnings(server)]).toEqual([expect.objectContaining({ proxy: "ok" }), []]);
    await server.close();
  });

  test("Reveals through an unlisted proxy are not limited by its IP address", async () => {
    const server = await TestServer.start({ env: { TRUST_PROXY: "" } });
    try {
      const { id } = await server.createToken();
      for (let reveal = 0; reveal < 120; reveal++) await server.app.revealLimits.perAddress.take("127.0.0.1");
      const admin = await server.as("admin");
      expect((await admin.mutate("revealApiToken", { id, purpose: "SHOW" })).userErrors).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

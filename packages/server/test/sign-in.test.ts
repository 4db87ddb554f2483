import { Client, type GraphqlAnswer, mutations, queries } from "./support/client.js";
import { accounts, type Person, password, people, testPlatform } from "./support/platform.js";
import { type TestServer, useServer } from "./support/test-server.js";

const hourMs = 3_600_000;
const signIn = (client: Client, email: string, secret = password) =>
  client.ask(mutations.signIn ?? "", { input: { email, password: secret } });
const viewerOf = async (client: Client) => (await client.data(queries.viewer)).viewer;

/** A response without the parts that always differ. */
const shown = ({ status, headers, text }: GraphqlAnswer) => ({
  status,
  text: text.replace(/\d+ (seconds|minutes)|"retryAfterSeconds":\d+/g, "…"),
  headers: [...headers.keys()].sort(),
});

describe("Sign-in", () => {
  const server = useServer();

  test("A sign-in with an email address in any case and its password starts a session", async () => {
    const client = server().nobody();
    expect(await viewerOf(client)).toBeNull();
    const { data } = await signIn(client, " Ada@Client.EXAMPLE ");
    expect(data.signIn).toEqual({
      viewer: {
        role: "ADMIN",
        actor: { __typename: "User", id: people.admin.id, name: "Ada Admin" },
        account: { id: accounts.client, name: "Client", type: "CLIENT" },
        accounts: [{ id: accounts.client }],
      },
      userErrors: [],
    });
    expect(await viewerOf(client)).toEqual(data.signIn.viewer);
    expect(await server().trail("auditor", { events: ["user.signed_in"] })).toContainEqual(
      expect.objectContaining({
        objectId: people.admin.id,
        actor: { __typename: "User", id: people.admin.id, name: "Ada Admin" },
        ip: client.address,
      }),
    );
  });

  test("A wrong password and an unknown person get the same responses and limit", async () => {
    const known = server().nobody();
    const unknown = server().nobody();
    for (let attempt = 1; attempt <= 7; attempt++) {
      const wrong = await signIn(known, people.otherAdmin.email, "wrong password");
      const nobody = await signIn(unknown, "nobody@client.example", "wrong password");
      expect(shown(nobody)).toEqual(shown(wrong));
      if (attempt <= 5) expect(wrong.data.signIn.userErrors).toMatchObject([{ code: "WRONG_CREDENTIALS" }]);
      else expect(wrong.errors[0]?.extensions.code).toBe("RATE_LIMITED");
    }
    expect(known.cookies.size + unknown.cookies.size).toBe(0);
  });

  test("A sign-in after too many attempts fails with a retry time, even with the correct password", async () => {
    const client = server().nobody();
    for (let attempt = 1; attempt <= 5; attempt++) await signIn(client, people.auditor.email, "wrong password");
    const { status, headers, errors } = await signIn(client, people.auditor.email);
    expect(status).toBe(429);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(headers.get("retry-after"))).toBeLessThanOrEqual(15 * 60);
    expect(errors[0]).toMatchObject({ message: expect.stringContaining("Try again in") });
    // The person is not locked out elsewhere, nor are others here.
    expect((await signIn(server().nobody(), people.auditor.email)).data.signIn.userErrors).toEqual([]);
    expect((await signIn(client, people.admin.email)).data.signIn.userErrors).toEqual([]);
  });

  describe("Failed sign-ins in the audit trail", () => {
    const wrongTries = async (client: Client, email: string, count: number) => {
      for (let attempt = 1; attempt <= count; attempt++) await signIn(client, email, "hunter2 hunter2");
      return client.address;
    };
    const refusalsFrom = async (address: string, by: Person) =>
      (await server().trail(by)).filter(({ ip }) => ip === address);

    test("Each failed attempt, and throttling once, is recorded in the person’s account", async () => {
      const address = await wrongTries(server().nobody(), people.vendorAdmin.email, 9);
      const records = await refusalsFrom(address, "vendorAdmin");
      expect(records.map(({ event }) => event)).toEqual([
        ...Array(5).fill("user.sign_in_refused"),
        "user.sign_in_throttled",
      ]);
      for (const record of records)
        expect(record).toMatchObject({ objectId: people.vendorAdmin.id, objectName: "Eve Vendor", actor: null });
      expect(records[0].summary).toBe("Sign-in as Eve Vendor failed");
    });

    test("A failed sign-in of an unknown person is recorded in OPERATIONS accounts without the typed text", async () => {
      const typed = "my-password-in-the-wrong-field@client.example";
      const address = await wrongTries(server().nobody(), typed, 7);
      const records = await refusalsFrom(address, "operator");
      expect(records.map(({ event }) => event)).toEqual([
        ...Array(5).fill("user.sign_in_refused"),
        "user.sign_in_throttled",
      ]);
      expect(records[0]).toMatchObject({ objectId: accounts.operations, actor: null });
      expect(JSON.stringify(records)).not.toMatch(/my-password|hunter2/);
    });
  });

  test("Sign-in attempts from one IP address are limited across all people", async () => {
    const client = server().nobody();
    const tries = Array.from({ length: 50 }, (_, index) => signIn(client, `nobody${index}@client.example`, "wrong"));
    await Promise.all(tries);
    expect((await signIn(client, people.admin.email)).status).toBe(429);
  });

  test.each([
    ["IPv6 network", "2001:db8:0:7::", ["1", "3:4:5", "ffff:1", "abcd"], "2001:db8:0:8::1", 429],
    ["IPv4 address, in any notation", "", ["198.51.100.7", "::ffff:198.51.100.7"], "::ffff:198.51.100.8", 429],
  ])("Sign-in attempts are limited per %s", async (_what, network, hosts, elsewhere, limited) => {
    const from = (address: string) => new Client(server().url, {}, address);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      const host = `${network}${hosts[attempt % hosts.length]}`;
      statuses.push((await signIn(from(host), people.operationsAuditor.email, "wrong password")).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, limited]);
    expect((await signIn(from(elsewhere), people.operationsAuditor.email)).status).toBe(200);
    const records = await server().trail("operator", { events: ["user.sign_in_refused"] });
    expect(records.map(({ ip }) => ip)).toContain(`${network}${hosts[1]}`);
  });

  test("A successful sign-in resets the person’s attempts", async () => {
    const client = server().nobody();
    for (let round = 0; round < 3; round++) {
      for (let attempt = 1; attempt <= 4; attempt++) await signIn(client, people.consultant.email, "wrong password");
      expect((await signIn(client, people.consultant.email)).data.signIn.userErrors).toEqual([]);
    }
  });

  test("A sign-in with empty fields reports each of them", async () => {
    const { userErrors } = await server().nobody().mutate("signIn", { email: " ", password: "" });
    expect(userErrors).toEqual([
      { code: "REQUIRED", field: ["email"], message: "Enter your email address." },
      { code: "REQUIRED", field: ["password"], message: "Enter your password." },
    ]);
  });

  test("Each sign-in creates a new session and never adopts an existing cookie", async () => {
    const client = server().nobody();
    client.cookies.set("hallpass", "prepared-by-a-stranger");
    await signIn(client, people.admin.email);
    const first = client.cookies.get("hallpass");
    await signIn(client, people.admin.email);
    expect(new Set(["prepared-by-a-stranger", first, client.cookies.get("hallpass")]).size).toBe(3);
  });
});

describe.each([
  [
    "that TRUST_PROXY does not list",
    { TRUST_PROXY: "" },
    [(address: string) => ({ "X-Forwarded-For": address }), (address: string) => ({ Forwarded: `for=${address}` })],
  ],
  [
    "that is trusted but sends no client IP address",
    { TRUST_PROXY: "127.0.0.1" },
    [() => ({}), (address: string) => ({ "X-Forwarded-For": `${address}:1` })],
  ],
])("Sign-in limits behind a proxy %s", (_what, env, headersFrom: ((address: string) => object)[]) => {
  const server = useServer({ env });
  let clients = 0;
  /** Claims another client each time. */
  const attempt = async (
    email: string,
    secret = password,
    headers: object = headersFrom[++clients % 2]?.(`203.0.113.${clients % 250}`) ?? {},
  ) => {
    const { status } = await fetch(`${server().url}/graphql`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({ query: mutations.signIn, variables: { input: { email, password: secret } } }),
    });
    return status;
  };

  test("Fifty-five wrong passwords lock no one else out", async () => {
    for (let round = 0; round < 11; round++)
      await Promise.all([1, 2, 3, 4, 5].map((each) => attempt(`nobody${round}-${each}@client.example`, "wrong")));
    expect(await attempt(people.admin.email)).toBe(200);
  });

  test("Attempts are limited per person, whatever client they claim, and a success resets none", async () => {
    const { email } = people.auditor;
    for (let success = 0; success < 7; success++) expect(await attempt(email)).toBe(200);
    for (let wrong = 0; wrong < 3; wrong++) expect(await attempt(email, "wrong")).toBe(200);
    expect(await attempt(email)).toBe(200);
    for (let wrong = 0; wrong < 2; wrong++) expect(await attempt(email, "wrong")).toBe(200);
    expect(await attempt(email)).toBe(429);
    expect(await attempt(people.otherAdmin.email)).toBe(200);
    // The person is not locked out elsewhere.
    const elsewhere = env.TRUST_PROXY ? { "X-Forwarded-For": "198.51.100.1" } : {};
    expect(await attempt(email, password, elsewhere)).toBe(200);
  });

  test("A client with its own IP address is still limited across all people", async () => {
    const elsewhere = env.TRUST_PROXY ? { "X-Forwarded-For": "198.51.100.2" } : {};
    for (let round = 0; round < 10; round++)
      await Promise.all(
        [1, 2, 3, 4, 5].map((each) => attempt(`no${round}-${each}@client.example`, "wrong", elsewhere)),
      );
    expect(await attempt(people.admin.email, password, elsewhere)).toBe(429);
  });
});

describe("Session cookie", () => {
  const server = useServer();

  test("The cookie over HTTP is HttpOnly and SameSite=Strict", async () => {
    const client = await server().signIn("admin");
    expect(client.setCookie).toHaveLength(1);
    const [pair, ...attributes] = (client.setCookie[0] ?? "").split("; ");
    expect(pair).toMatch(/^hallpass=[A-Za-z0-9_-]{43}$/);
    expect(attributes.sort()).toEqual(["HttpOnly", "Max-Age=604800", "Path=/", "SameSite=Strict"]);
  });

  test("The cookie’s value is not stored", async () => {
    const client = await server().signIn("admin");
    const sessions = JSON.stringify(await server().sql("SELECT * FROM session"));
    expect(sessions).not.toContain(client.cookies.get("hallpass"));
  });
});

describe("Session cookie over HTTPS", () => {
  const server = useServer({ env: { PUBLIC_URL: "https://hallpass.example" } });

  test("The cookie over HTTPS is secure and bound to the host", async () => {
    const client = await server().signIn("admin");
    const [pair, ...attributes] = (client.setCookie[0] ?? "").split("; ");
    expect(pair).toMatch(/^__Host-hallpass=/);
    expect(attributes.sort()).toEqual(["HttpOnly", "Max-Age=604800", "Path=/", "SameSite=Strict", "Secure"]);
    expect(await viewerOf(client)).not.toBeNull();
  });

  test("GraphQL responses and downloads keep browsers on HTTPS", async () => {
    const client = await server().signIn("admin");
    for (const { headers } of [await client.ask(queries.viewer), await client.fetch("/exports/audit-trail.csv")])
      expect(headers.get("strict-transport-security")).toContain("max-age=31536000");
  });

  test("A cookie without the __Host- prefix is ignored over HTTPS", async () => {
    const client = await server().signIn("admin");
    const value = client.cookies.get("__Host-hallpass") ?? "";
    const other = server().nobody();
    other.cookies.set("hallpass", value);
    expect(await viewerOf(other)).toBeNull();
  });
});

describe("Sessions", () => {
  const server = useServer();

  test("A sign-out ends the session for every copy of its cookie and is recorded once", async () => {
    const client = await server().signIn("admin");
    const copy = server().nobody();
    for (const [name, value] of client.cookies) copy.cookies.set(name, value);
    await client.data(mutations.signOut ?? "");
    expect(client.cookies.size).toBe(0);
    expect(await viewerOf(copy)).toBeNull();
    expect((await server().trail()).filter(({ event }) => event === "user.signed_out")).toHaveLength(1);
    expect((await copy.ask(mutations.signOut ?? "")).data.signOut.userErrors).toEqual([]);
  });

  test("A session stays valid when another browser signs out", async () => {
    const [one, other] = await Promise.all([server().signIn("admin"), server().signIn("admin")]);
    await one?.data(mutations.signOut ?? "");
    expect(other && (await viewerOf(other))).not.toBeNull();
  });

  test("A session expires after 12 hours without a request", async () => {
    const client = await server().signIn("admin");
    await later(server(), [11.9 * hourMs], async () => expect(await viewerOf(client)).not.toBeNull());
    await later(server(), [23.8 * hourMs, 0.2 * hourMs], async () => expect(await viewerOf(client)).toBeNull());
  });

  test("A session expires after 7 days, however often it is used", async () => {
    const client = await server().signIn("admin");
    for (let hour = 0; hour < 7 * 24; hour += 11)
      await later(server(), [hour * hourMs], async () => expect(await viewerOf(client)).not.toBeNull());
    await later(server(), [(7 * 24 + 0.01) * hourMs], async () => expect(await viewerOf(client)).toBeNull());
  });

  test("A session ends when the person loses their role, and restoring the role does not revive it", async () => {
    const client = await server().signIn("otherAdmin");
    await change("otherAdmin", { roles: {} });
    expect(await viewerOf(client)).toBeNull();
    expect((await client.ask("{ apiTokens { nodes { id } } }")).errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
    await change("otherAdmin", {});
    expect(await viewerOf(client)).toBeNull();
  });

  test("A deleted user’s session is invalid", async () => {
    const client = await server().signIn("operationsAuditor");
    await server().sql("DELETE FROM membership WHERE user_id = ?", [people.operationsAuditor.id]);
    await server().sql("DELETE FROM session WHERE user_id = ?", [people.operationsAuditor.id]);
    await server().app.dataSource.query(`DELETE FROM ${server().app.dataSource.driver.escape("user")} WHERE id = ?`, [
      people.operationsAuditor.id,
    ]);
    expect(await viewerOf(client)).toBeNull();
    expect((await client.ask("{ users { id } }")).status).toBe(401);
  });

  test("A session has the person’s current role", async () => {
    const client = await server().signIn("otherAdmin");
    const { id } = await server().createToken();
    await change("otherAdmin", { roles: { [accounts.client]: "AUDITOR" } });
    expect(await viewerOf(client)).toMatchObject({ role: "AUDITOR" });
    await expect(client.mutate("disableApiToken", { id })).rejects.toThrow("FORBIDDEN");
    await change("otherAdmin", {});
  });

  test("A password change ends the person’s session and invalidates the old password", async () => {
    const client = await server().signIn("auditor");
    await change("auditor", { password: "another password" });
    expect(await viewerOf(client)).toBeNull();
    expect((await signIn(server().nobody(), people.auditor.email)).data.signIn.userErrors).toHaveLength(1);
    await change("auditor", {});
  });

  test.each(["", "x", "a".repeat(4_000), "%00", "'; DROP TABLE session; --"])(
    "The cookie %j matches no session",
    async (value) => {
      const client = server().nobody();
      client.cookies.set("hallpass", value);
      expect(await viewerOf(client)).toBeNull();
    },
  );

  /** Applies a platform file with this person changed. */
  async function change(person: Person, changes: object): Promise<void> {
    const platform = testPlatform();
    const users = platform.users.map((user) => (user.id === people[person].id ? { ...user, ...changes } : user));
    await server().apply({ ...platform, users });
  }
});

describe("Repeated sign-ins in one browser", () => {
  const server = useServer();
  /** Another client with the browser's cookie. */
  const cookieOf = (client: Client) => client.copy();
  const signOutsFrom = async ({ address }: Client, by: Person) =>
    (await server().trail(await server().signIn(by), { events: ["user.signed_out"] })).filter(
      ({ ip }) => ip === address,
    );

  test("A second sign-in ends the earlier session and records it", async () => {
    const client = await server().signIn("admin");
    const earlier = cookieOf(client);
    await signIn(client, people.admin.email);
    expect(await viewerOf(earlier)).toBeNull();
    expect(await viewerOf(client)).toMatchObject({ actor: { id: people.admin.id } });
    expect(await signOutsFrom(client, "admin")).toEqual([
      expect.objectContaining({
        objectId: people.admin.id,
        actor: { __typename: "User", id: people.admin.id, name: "Ada Admin" },
        summary: "Ada Admin was signed out by a new sign-in in the same browser",
      }),
    ]);
  });

  test("A sign-in as another person ends the earlier session and records it in the earlier person’s account", async () => {
    const client = await server().signIn("vendorAdmin");
    const earlier = cookieOf(client);
    await signIn(client, people.operator.email);
    expect(await viewerOf(earlier)).toBeNull();
    expect(await viewerOf(client)).toMatchObject({ actor: { id: people.operator.id } });
    expect(await signOutsFrom(client, "vendorAdmin")).toEqual([
      expect.objectContaining({
        objectId: people.vendorAdmin.id,
        actor: expect.objectContaining({ name: "Eve Vendor" }),
      }),
    ]);
    expect(await signOutsFrom(client, "operator")).toEqual([]);
  });

  test("A failed sign-in ends no session", async () => {
    const client = await server().signIn("auditor");
    const before = new Map(client.cookies);
    for (let attempt = 1; attempt <= 6; attempt++) await signIn(client, people.otherAdmin.email, "wrong password");
    expect((await signIn(client, people.otherAdmin.email)).status).toBe(429);
    await signIn(client, "", "");
    expect(client.cookies).toEqual(before);
    expect(await viewerOf(client)).toMatchObject({ actor: { id: people.auditor.id } });
    expect(await signOutsFrom(client, "auditor")).toEqual([]);
  });

  test.each<[string, (away: () => Promise<void>) => Promise<void>]>([
    ["is idle", (signInAgain) => later(server(), [12.1 * hourMs], signInAgain)],
    ["has expired", (signInAgain) => later(server(), [7.1 * 24 * hourMs], signInAgain)],
  ])("A sign-in ends an earlier session that %s", async (_what, meanwhile) => {
    const client = await server().signIn("otherAdmin");
    const earlier = cookieOf(client);
    await meanwhile(async () => {
      expect(await viewerOf(client)).toBeNull();
      expect((await signIn(client, people.admin.email)).data.signIn.userErrors).toEqual([]);
    });
    expect(await viewerOf(earlier)).toBeNull();
    expect(await signOutsFrom(client, "admin")).toMatchObject([{ objectId: people.otherAdmin.id }]);
  });

  test("A sign-out ends an idle session for good", async () => {
    const client = await server().signIn("otherAdmin");
    const earlier = cookieOf(client);
    await later(server(), [12.1 * hourMs], async () => void (await client.data(mutations.signOut ?? "")));
    expect(await viewerOf(earlier)).toBeNull();
    expect(await signOutsFrom(client, "admin")).toMatchObject([{ objectId: people.otherAdmin.id }]);
  });

  test.each(["signIn", "signOut"])(
    "The mutation %s ends the cookie’s session even if the request has an API token",
    async (name) => {
      const client = await server().signIn("admin");
      const { value } = await server().createToken();
      const both = client.copy({ Authorization: `Bearer ${value}` });
      await both.data(
        mutations[name] ?? "",
        name === "signIn" ? { input: { email: people.auditor.email, password } } : {},
      );
      expect(await viewerOf(client)).toBeNull();
      expect(await signOutsFrom(client, "admin")).toMatchObject([{ objectId: people.admin.id }]);
    },
  );

  test("Two concurrent sign-ins record the end of their earlier session once", async () => {
    const client = await server().signIn("admin");
    const others = [cookieOf(client), cookieOf(client)];
    const answers = await Promise.all(others.map((each) => signIn(each, people.vendorAdmin.email)));
    expect(answers.map(({ data }) => data.signIn.userErrors)).toEqual([[], []]);
    expect(await viewerOf(client)).toBeNull();
    expect(await signOutsFrom(client, "admin")).toHaveLength(1);
  });
});

describe("Account switching", () => {
  const server = useServer();

  test("A switch moves the session to another of the person’s accounts, with the role there", async () => {
    const client = await server().signIn("consultant");
    expect(await viewerOf(client)).toMatchObject({ role: "ADMIN", account: { id: accounts.client } });
    const { viewer, userErrors } = await client.mutate("switchAccount", { accountId: accounts.vendor });
    expect(userErrors).toEqual([]);
    expect(viewer).toMatchObject({
      role: "AUDITOR",
      account: { id: accounts.vendor, name: "Vendor", type: "VENDOR" },
      accounts: [{ id: accounts.client }, { id: accounts.vendor }],
    });
    expect(await viewerOf(client)).toEqual(viewer);
    await expect(client.mutate("createApiToken", { name: "No", moduleIds: ["MOD-1310"] })).rejects.toThrow("FORBIDDEN");
    expect((await server().trail("vendorAdmin")).at(-2)).toMatchObject({
      event: "user.switched_account",
      actor: { name: "Dan Consultant" },
    });
  });

  test("A switch to an account without a role is rejected", async () => {
    const client = await server().signIn("consultant");
    const before = await viewerOf(client);
    for (const accountId of [accounts.operations, "ACC-9999-9999", "nonsense"])
      expect(await client.mutate("switchAccount", { accountId })).toMatchObject({
        viewer: null,
        userErrors: [{ code: "NOT_FOUND", field: ["accountId"] }],
      });
    expect(await viewerOf(client)).toEqual(before);
  });
});

describe("Cross-site requests", () => {
  const server = useServer();
  const body = JSON.stringify({ query: "mutation { signOut { userErrors { code } } }" });

  test.each([
    ["text/plain", body],
    ["text/plain;charset=application/json", body],
    [
      "application/x-www-form-urlencoded",
      `query=${encodeURIComponent("mutation { signOut { userErrors { code } } }")}`,
    ],
    [
      "multipart/form-data; boundary=x",
      `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${body}\r\n--x--`,
    ],
    ["", body],
  ])("A request with the content type %j is rejected and changes nothing", async (type, content) => {
    const client = await server().signIn("admin");
    const answer = await client.fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": type, Origin: "https://evil.example" },
      body: Buffer.from(content),
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(await viewerOf(client)).not.toBeNull();
  });

  test("A mutation by GET is rejected and changes nothing", async () => {
    const client = await server().signIn("admin");
    const path = `/graphql?query=${encodeURIComponent("mutation { signOut { userErrors { code } } }")}`;
    for (const headers of [{}, { "Content-Type": "application/json" }, { "Apollo-Require-Preflight": "1" }]) {
      const { status } = await client.fetch(path, { headers });
      expect([400, 405]).toContain(status);
    }
    expect(await viewerOf(client)).not.toBeNull();
  });
});

/** Advances the clock by all these steps, asserts, then sets it back. */
async function later(server: TestServer, distances: number[], assert: () => Promise<void>): Promise<void> {
  const [first = 0, ...rest] = distances;
  server.clock.advance(first);
  try {
    if (rest.length > 0) await later(server, rest, assert);
    else await assert();
  } finally {
    server.clock.advance(-first);
  }
}

import type { Client, Data } from "../support/client.js";
import { accounts, password, people } from "../support/platform.js";
import { TestServer, useServer } from "../support/test-server.js";

const minuteMs = 60_000;
const sessionsOf = async (client: Client): Promise<Data[]> =>
  (await client.data("{ viewer { sessions { id isCurrent createdAt lastSeenAt ip userAgent } } }")).viewer.sessions;
const isSignedIn = async (client: Client): Promise<boolean> =>
  (await client.data("{ viewer { role } }")).viewer !== null;

describe("A person’s own sessions", () => {
  const server = useServer();

  test("They show where each was last used, and which one this is", async () => {
    const [here, other] = [await server().signIn("consultant"), server().nobody().with({ "User-Agent": "other/1.0" })];
    await other.mutate("signIn", { email: people.consultant.email, password });
    server().clock.advance(6 * minuteMs);
    await isSignedIn(here);
    const sessions = await sessionsOf(here);
    expect(sessions.map(({ isCurrent, ip, userAgent }) => ({ isCurrent, ip, userAgent }))).toEqual([
      { isCurrent: true, ip: here.address, userAgent: "node" },
      { isCurrent: false, ip: other.address, userAgent: "other/1.0" },
    ]);
    expect(Date.parse(sessions[0]?.lastSeenAt) - Date.parse(sessions[1]?.lastSeenAt)).toBeGreaterThan(5 * minuteMs);

    // Used from elsewhere since.
    server().clock.advance(6 * minuteMs);
    const moved = new (other.constructor as typeof Client)(server().url, { "User-Agent": "other/2.0" });
    for (const [name, value] of other.cookies) moved.cookies.set(name, value);
    await isSignedIn(moved);
    expect((await sessionsOf(here)).find(({ isCurrent }) => !isCurrent)).toMatchObject({
      ip: moved.address,
      userAgent: "other/2.0",
    });
  });

  test("A session shows at once from where it is used, whatever it is used for", async () => {
    const [here, thief] = [await server().signIn("operator"), server().nobody()];
    for (const [name, value] of (await server().signIn("operator")).cookies) thief.cookies.set(name, value);
    const seen = async () => (await sessionsOf(here)).find(({ isCurrent }) => !isCurrent)?.ip;
    await isSignedIn(thief);
    expect(await seen()).toBe(thief.address);
    const moved = server().nobody();
    for (const [name, value] of thief.cookies) moved.cookies.set(name, value);
    await moved.mutate("endSessions", { ids: [] });
    expect(await seen()).toBe(moved.address);
  });

  test("Others can be ended at once, with a record, and a person cannot end anyone else’s", async () => {
    const [here, one, two] = [
      await server().signIn("otherAdmin"),
      await server().signIn("otherAdmin"),
      await server().signIn("otherAdmin"),
    ];
    const stranger = await server().signIn("auditor");
    const [theirs] = await sessionsOf(stranger);
    const mine = (await sessionsOf(here)).filter(({ isCurrent }) => !isCurrent).map(({ id }) => id);
    const { endedIds, userErrors } = await here.mutate("endSessions", { ids: [...mine, theirs.id, "0".repeat(64)] });
    expect([[...endedIds].sort(), userErrors]).toEqual([[...mine].sort(), []]);
    expect(await Promise.all([here, one, two, stranger].map(isSignedIn))).toEqual([true, false, false, true]);
    expect((await here.mutate("endSessions", { ids: mine })).endedIds).toEqual([]);
    const records = await server().trail("auditor", { events: ["user.signed_out"] });
    expect(records.at(-1)).toMatchObject({
      summary: "Bo Admin ended 2 sessions",
      objectId: people.otherAdmin.id,
      ip: here.address,
    });
  });

  test("A session that was ended can change nothing, even if its request had already arrived", async () => {
    const [here, other] = [await server().signIn("otherAdmin"), await server().signIn("otherAdmin")];
    const { id } = (await sessionsOf(here)).find(({ isCurrent }) => !isCurrent) ?? {};
    await here.mutate("endSessions", { ids: [id] });
    const { errors } = await other.ask("mutation { endSessions(input: { ids: [] }) { endedIds } }");
    expect(errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
  });
});

describe("A person’s own password", () => {
  const server = useServer();
  const next = "a new and longer password";
  const change = (client: Client, currentPassword: string, newPassword: string) =>
    client.ask(
      "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { userErrors { code field message } } }",
      {
        input: { currentPassword, newPassword },
      },
    );
  const errorsOf = ({ data }: { data: Data }) => data.changePassword.userErrors;

  test("Changing it needs the current one, ends the other sessions, and is recorded in each account", async () => {
    const [here, other] = [await server().signIn("consultant"), await server().signIn("consultant")];
    expect(errorsOf(await change(here, "a wrong password", next))).toEqual([
      { code: "WRONG_CREDENTIALS", field: ["currentPassword"], message: "The current password is incorrect." },
    ]);
    expect(errorsOf(await change(here, password, next))).toEqual([]);
    expect([await isSignedIn(here), await isSignedIn(other)]).toEqual([true, false]);
    const again = server().nobody();
    await again.mutate("signIn", { email: people.consultant.email, password });
    expect(await isSignedIn(again)).toBe(false);
    await again.mutate("signIn", { email: people.consultant.email, password: next });
    expect(await isSignedIn(again)).toBe(true);
    for (const person of ["auditor", "vendorAdmin"] as const) {
      const [record] = await server().trail(person, { events: ["user.password_changed"] });
      expect(record).toMatchObject({ summary: "Dan Consultant changed their password", ip: here.address });
      expect(JSON.stringify(record)).not.toContain("argon2");
    }
  });

  test.each([
    ["short", "Use at least 12 characters."],
    ["Qwerty123456", "This is one of the most common passwords. Choose another."],
    [password, "Choose a password other than your current one."],
    ["x".repeat(1_025), "The password can be up to 1,024 characters."],
  ])("The new password %.20s is rejected: %s", async (newPassword, message) => {
    const client = await server().as("otherAdmin");
    expect(errorsOf(await change(client, password, newPassword))).toMatchObject([{ field: ["newPassword"], message }]);
  });

  test("After five wrong guesses, even the right one is rejected for a while", async () => {
    const client = await server().signIn("vendorAdmin");
    for (let guess = 1; guess <= 5; guess++) await change(client, `guess ${guess}`, next);
    const { status, errors } = await change(client, password, next);
    expect([status, errors[0]?.extensions.code]).toEqual([429, "RATE_LIMITED"]);
    expect(await isSignedIn(await server().signIn("vendorAdmin"))).toBe(true);
    const records = await server().trail("vendorAdmin", {
      events: ["user.sign_in_refused", "user.sign_in_throttled"],
    });
    expect(records.map(({ summary }) => summary)).toEqual([
      ...Array(5).fill("Change of password by Eve Vendor failed"),
      "Change of password by Eve Vendor throttled",
    ]);
  });

  test("Two changes at once leave one of the two passwords, and only one succeeds", async () => {
    const client = await server().signIn("operator");
    const answers = await Promise.all([change(client, password, `${next} 1`), change(client, password, `${next} 2`)]);
    expect(answers.map((answer) => errorsOf(answer).length).sort()).toEqual([0, 1]);
    const winner = answers.findIndex((answer) => errorsOf(answer).length === 0) + 1;
    const again = server().nobody();
    await again.mutate("signIn", { email: people.operator.email, password: `${next} ${winner}` });
    expect(await isSignedIn(again)).toBe(true);
  });
});

describe("Session lifetimes", () => {
  test("A session ends when it is idle, and at the end of its lifetime in any case, as set", async () => {
    const server = await TestServer.start({
      env: { HALLPASS_SESSION_IDLE_MINUTES: "30", HALLPASS_SESSION_LIFETIME_MINUTES: "90" },
    });
    const idle = await server.signIn("admin");
    expect(idle.setCookie.join()).toContain("Max-Age=5400");
    const used = await server.signIn("otherAdmin");
    for (let quarter = 1; quarter <= 5; quarter++) {
      server.clock.advance(15 * minuteMs);
      expect(await isSignedIn(used)).toBe(true);
    }
    expect(await isSignedIn(idle)).toBe(false);
    server.clock.advance(16 * minuteMs);
    expect(await isSignedIn(used)).toBe(false);
    await server.close();
  });

  test("A short idle time does not end a session in use", async () => {
    const server = await TestServer.start({ env: { HALLPASS_SESSION_IDLE_MINUTES: "1" } });
    const used = await server.signIn("admin");
    for (let query = 1; query <= 12; query++) {
      server.clock.advance(minuteMs / 3);
      expect(await isSignedIn(used)).toBe(true);
    }
    server.clock.advance(minuteMs + 1);
    expect(await isSignedIn(used)).toBe(false);
    await server.close();
  });

  test("A lifetime that was shortened ends earlier sessions, too", async () => {
    const server = await TestServer.start();
    const client = await server.signIn("admin");
    server.app.config.sessionLifetimeMs = 60 * minuteMs;
    expect(await isSignedIn(client)).toBe(true);
    server.clock.advance(61 * minuteMs);
    expect(await isSignedIn(client)).toBe(false);
    const { errors } = await client.ask("mutation { endSessions(input: { ids: [] }) { endedIds } }");
    expect(errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
    await server.close();
  });
});

describe("Sign-in with the identity provider only", () => {
  test("A password is rejected before it is checked, and cannot be changed", async () => {
    const env = {
      OIDC_ISSUER: "https://idp.example",
      OIDC_CLIENT_ID: "hallpass",
      OIDC_CLIENT_SECRET: "a secret",
      PASSWORD_SIGN_IN: "off",
    };
    const server = await TestServer.start({ env });
    const client = server.nobody();
    const { status, errors } = await client.ask(
      "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }",
      { input: { email: people.admin.email, password } },
    );
    expect([status, errors[0]?.message]).toEqual([
      403,
      "Sign-in with a password is turned off. Sign in with your identity provider.",
    ]);
    expect((await client.data("{ signInMethods }")).signInMethods).toEqual(["IDENTITY_PROVIDER"]);
    await server.close();
  });

  test("A person without a password can be applied, has none, and cannot sign in with one", async () => {
    const env = { OIDC_ISSUER: "https://idp.example", OIDC_CLIENT_ID: "hallpass", OIDC_CLIENT_SECRET: "a secret" };
    const server = await TestServer.start({ env });
    const ida = {
      id: "USR-1000-0009",
      name: "Ida Idp",
      email: "ida@client.example",
      roles: { [accounts.client]: "ADMIN" },
    };
    await server.apply({ modules: [], accounts: [], users: [ida as never] });
    const client = server.nobody();
    for (const guess of ["none", "", password]) {
      await client.ask("mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }", {
        input: { email: ida.email, password: guess },
      });
      expect(client.cookies.size).toBe(0);
    }
    await server.close();
  });

  test("Without an identity provider, a new person needs a password", async () => {
    const server = await TestServer.start();
    const ida = { id: "USR-1000-0009", name: "Ida Idp", email: "ida@client.example", roles: {} };
    await expect(server.apply({ modules: [], accounts: [], users: [ida as never] })).rejects.toThrow(
      "User USR-1000-0009 is new and needs a password, as no identity provider is configured.",
    );
    await server.close();
  });
});

import { type Emails, startEmails } from "../../src/features/emails/send-emails.js";
import { giveNotices } from "../../src/features/notices/notices.js";
import { type Email, MailServer } from "../support/mail-server.js";
import { accounts, people, testPlatform } from "../support/platform.js";
import { useServer } from "../support/test-server.js";

const dayMs = 86_400_000;
const minuteMs = 60_000;

describe("Emails", () => {
  const minutesPerYear = "525600";
  const env: Record<string, string> = {
    SMTP_FROM: "Hallpass <hallpass@platform.example>",
    // Sessions outlast the days that tests skip.
    HALLPASS_SESSION_IDLE_MINUTES: minutesPerYear,
    HALLPASS_SESSION_LIFETIME_MINUTES: minutesPerYear,
  };
  let mail: MailServer;
  beforeAll(async () => {
    mail = await MailServer.start();
    env.SMTP_URL = mail.url;
  });
  let emails: Emails;
  // Before the server's own hook: they run in this order, and emails are read from its database.
  afterAll(async () => {
    await emails?.close();
    await mail?.stop();
  });
  const server = useServer({ env });
  beforeAll(() => {
    const started = startEmails(server().app);
    if (!started) throw new Error("An SMTP server is configured.");
    emails = started;
  });
  beforeEach(async () => {
    // No email is about the last test's tokens, or too soon after its emails.
    await server().sql("UPDATE api_token SET status = 'DISABLED' WHERE status = 'ACTIVE'");
    await server().sql("DELETE FROM email");
    server().clock.advance(2 * dayMs);
    mail.received = [];
  });

  const inDays = (days: number) => new Date(server().clock.now().getTime() + days * dayMs).toISOString();
  const create = (input: Record<string, unknown>) => server().createToken(input);
  /** A token that has been valid for long, and expires in some days. */
  const createExpiring = async (name: string, days: number) => {
    const token = await create({ name, expiresAt: inDays(days) });
    await server().sql("UPDATE api_token SET created_at = ? WHERE id = ?", ["2020-01-01 00:00:00.000", token.id]);
    return token;
  };
  const leak = (value: string, fields: Record<string, unknown> = {}) =>
    server()
      .nobody()
      .fetch("/oauth2/revoke", {
        method: "POST",
        body: JSON.stringify({ tokens: [value], ...fields }),
        headers: { "Content-Type": "application/json" },
      });
  const noticesSent = async (): Promise<Email[]> => {
    mail.received = [];
    await giveNotices(server().app);
    await emails.run();
    return mail.received;
  };
  const to = (recipient: string, all = mail.received) => all.filter(({ recipients }) => recipients.includes(recipient));
  const everyone = (all = mail.received) => all.flatMap(({ recipients }) => recipients).sort();
  const administrators = [people.admin.email, people.otherAdmin.email, people.consultant.email].sort();

  test("Administrators get one email about all tokens that will soon expire, with links, once", async () => {
    const [first, second] = [await createExpiring("Order sync", 5), await createExpiring("Stock sync", 6)];
    await noticesSent();
    expect(everyone()).toEqual(administrators);
    const [{ text }] = to(people.admin.email) as [Email];
    expect(text).toContain("Subject: 2 API tokens of Client will soon stop working");
    expect(text).toContain("From: Hallpass <hallpass@platform.example>");
    for (const { id, name } of [first, second])
      expect(text).toMatch(
        new RegExp(
          `${name} \\(${id}\\) expires on \\d+ \\w+ \\d{4}\\.\n${server().app.config.publicUrl.origin}/${accounts.client}/settings/api-tokens/${id}\n`,
        ),
      );
    expect(text).not.toMatch(/hp_|undefined|null/);
    expect(await noticesSent()).toEqual([]);
  });

  test("A second email follows after a day, about what is new", async () => {
    await createExpiring("First", 6);
    await noticesSent();
    await createExpiring("Second", 6);
    expect(await noticesSent()).toEqual([]);
    server().clock.advance(dayMs);
    await noticesSent();
    const [{ text }] = to(people.admin.email) as [Email];
    expect(text).toContain("Subject: An API token of Client will soon stop working");
    expect(text).toContain("Second");
    expect(text).not.toContain("First");
  });

  test("The creator gets those they created, also as an auditor. Without a role they get none", async () => {
    const { id } = await createExpiring("Mine", 5);
    await createExpiring("Another", 5);
    const own = (person: "auditor" | "operator") =>
      server().sql("UPDATE api_token SET created_by_id = ? WHERE id = ?", [people[person].id, id]);
    await own("auditor");
    await noticesSent();
    expect(everyone()).toEqual([...administrators, people.auditor.email].sort());
    const [{ text }] = to(people.auditor.email) as [Email];
    expect(text).toContain("Mine");
    expect(text).not.toContain("Another");

    server().clock.advance(4.5 * dayMs);
    await own("operator");
    await noticesSent();
    expect(everyone()).toEqual(administrators);
  });

  test("A token that expires before the next email is in this one", async () => {
    await createExpiring("First", 6);
    await createExpiring("Soon", 1.5);
    await noticesSent();
    const [{ text }] = to(people.admin.email) as [Email];
    expect(text).toContain("First");
    expect(text).toContain("Soon");
    server().clock.advance(1.6 * dayMs);
    expect(await noticesSent()).toEqual([]);
  });

  test("A token that was extended, disabled or deleted meanwhile is left out", async () => {
    await createExpiring("Before", 6);
    await noticesSent();
    const ids = [];
    for (const name of ["Extended", "Disabled", "Deleted", "Kept"]) ids.push((await createExpiring(name, 6)).id);
    await noticesSent();
    server().clock.advance(dayMs);
    const admin = await server().as("admin");
    await admin.mutate("updateApiToken", { id: ids[0], expiresAt: inDays(300) });
    await admin.mutate("disableApiToken", { id: ids[1] });
    await admin.mutate("deleteApiToken", { id: ids[2] });
    await noticesSent();
    const [{ text }] = to(people.admin.email) as [Email];
    expect(text).toContain("Kept");
    expect(text).not.toMatch(/Extended|Disabled|Deleted/);
  });

  test("An unused token's email names the day on which it will be disabled", async () => {
    const { id } = await create({ name: "Unused" });
    await (await server().as("admin")).mutate("updateAccountPolicy", { idleDays: 30 });
    server().clock.advance(31 * dayMs);
    await noticesSent();
    const day = new Date(server().clock.now().getTime() + 7 * dayMs);
    const [{ text }] = to(people.admin.email) as [Email];
    expect(text).toContain(
      `Unused (${id}) is unused and will be disabled on ${day.getUTCDate()} ${day.toLocaleString("en-GB", { month: "long", timeZone: "UTC" })}`,
    );
    await create({ name: "Another" });
    server().clock.advance(0.5 * dayMs);
    await server().sql("UPDATE token_notice SET emailed_at = NULL");
    await server().sql("DELETE FROM email");
    // It was used meanwhile.
    await server().sql("UPDATE api_token_access SET last_access_at = ? WHERE token_id = ?", [
      server().clock.now().toISOString().replace("T", " ").replace("Z", ""),
      id,
    ]);
    expect(await noticesSent()).toEqual([]);
    await (await server().as("admin")).mutate("updateAccountPolicy", { idleDays: null });
  });

  test("A leak is emailed at once, without a word of its reporter. Later ones are emailed together after ten minutes", async () => {
    const { id, value } = await create({ name: "Sign in at evil.example" });
    const others = [await create({ name: "Robot" }), await create({ name: "Robot" })];
    await leak(value, { url: "https://thief.example/sign-in", reason: "Sign in at thief.example" });
    await emails.run();
    expect(everyone()).toEqual(administrators);
    const [{ text }] = to(people.admin.email) as [Email];
    const [headers] = text.split("\n\n") as [string];
    expect(headers).toContain("Subject: An API token of Client was reported as leaked");
    expect(headers).not.toContain("evil.example");
    expect(text).toContain(`(${id}) was disabled because its value was reported as leaked.`);
    expect(text).not.toMatch(/thief|hp_/);
    expect(text).not.toContain(value);

    mail.received = [];
    for (const each of [value, ...others.map((other) => other.value)]) await leak(each);
    await emails.run();
    expect(mail.received).toEqual([]);
    server().clock.advance(11 * minuteMs);
    await emails.run();
    await emails.run();
    expect(everyone()).toEqual(administrators);
    expect(to(people.admin.email)[0]?.text).toContain("Subject: 2 API tokens of Client were reported as leaked");
  });

  test("An email lists 50 tokens, and says how many more there are", async () => {
    const admin = await server().as("admin");
    const tokens = await Promise.all(
      Array.from({ length: 61 }, (_, index) => server().createToken({ name: `Robot ${index}` }, admin)),
    );
    const [first, ...others] = tokens.map(({ value }) => value);
    await leak(first ?? "");
    await emails.run();
    // While the next one waits, so that it is about all of them.
    await server()
      .nobody()
      .fetch("/oauth2/revoke", {
        method: "POST",
        body: JSON.stringify({ tokens: others }),
        headers: { "Content-Type": "application/json" },
      });
    mail.received = [];
    server().clock.advance(11 * minuteMs);
    await emails.run();
    const [{ text }] = to(people.admin.email) as [Email];
    expect(text.match(/was disabled because/g)).toHaveLength(50);
    expect(text).toMatch(/^And 10 more: http.*\/settings\/api-tokens$/m);
  });

  test("While the server is down or rejects for a while, emails wait. Two processes send each once", async () => {
    const { value } = await create({ name: "Robot" });
    await leak(value);
    await mail.stop();
    await emails.run();
    await mail.resume();
    mail.rejects = () => [450, "Try again later"];
    server().clock.advance(2 * minuteMs);
    await emails.run();
    expect(mail.received).toEqual([]);
    mail.rejects = () => null;
    server().clock.advance(60 * minuteMs);
    const other = startEmails(server().app);
    await Promise.all([emails.run(), other?.run(), emails.run()]);
    await other?.close();
    server().clock.advance(60 * minuteMs);
    await emails.run();
    expect(everyone()).toEqual(administrators);
  });

  test("Someone who loses their role or changes their address before an email is sent", async () => {
    const { value } = await create({ name: "Robot" });
    await leak(value);
    await mail.stop();
    await emails.run();
    await mail.resume();
    const platform = testPlatform();
    for (const user of platform.users) {
      if (user.id === people.otherAdmin.id) user.roles = { [accounts.client]: "AUDITOR" };
      if (user.id === people.admin.id) user.email = "ada@new.example";
    }
    await server().apply(platform);
    server().clock.advance(10 * minuteMs);
    await emails.run();
    await server().apply(testPlatform());
    server().clock.advance(10 * minuteMs);
    await emails.run();
    expect(everyone()).toEqual(["ada@new.example", people.consultant.email]);
  });

  test("A recipient whom the server does not know is given up, and the others get theirs", async () => {
    const { value } = await create({ name: "Robot" });
    await leak(value);
    let attempts = 0;
    mail.rejects = (recipient) => {
      if (recipient !== people.otherAdmin.email) return null;
      attempts++;
      return [550, "5.1.1 No such mailbox"];
    };
    for (let each = 0; each < 3; each++) {
      await emails.run();
      server().clock.advance(60 * minuteMs);
    }
    expect(everyone()).toEqual(administrators.filter((email) => email !== people.otherAdmin.email));
    expect(attempts).toBe(1);
  });

  test("A server that denies every recipient by its policy loses no email", async () => {
    const { value } = await create({ name: "Robot" });
    await leak(value);
    for (const rejection of [
      [554, "5.7.1 Relay access denied"],
      [550, "5.7.64 Not allowed"],
    ] as const) {
      mail.rejects = () => rejection;
      await emails.run();
      server().clock.advance(60 * minuteMs);
    }
    mail.rejects = () => null;
    await emails.run();
    expect(everyone()).toEqual(administrators);
  });

  test("A wrong password is tried once a minute, whatever is waiting, and said in the log without it", async () => {
    const { value } = await create({ name: "Robot" });
    await leak(value);
    const lines = server().log.length;
    mail.password = "another";
    const before = mail.logins;
    for (let each = 0; each < 3; each++) await emails.run();
    expect(mail.logins - before).toBe(1);
    mail.password = "secret";
    const said = server().log.slice(lines).join("");
    expect(said).toContain("EAUTH");
    expect(said).not.toContain("secret");
    server().clock.advance(2 * minuteMs);
    await emails.run();
    expect(everyone()).toEqual(administrators);
  });

  test("An email that could not be sent for a day is given up", async () => {
    const { value } = await create({ name: "Robot" });
    await leak(value);
    mail.rejects = () => [450, "Later"];
    await emails.run();
    mail.rejects = () => null;
    server().clock.advance(1.1 * dayMs);
    await emails.run();
    expect(mail.received).toEqual([]);
    expect(server().log.filter((line) => line.includes("gave up on an email")).length).toBeGreaterThanOrEqual(3);
  });

  test("A server that hangs does not delay a stop", async () => {
    const { value } = await create({ name: "Robot" });
    await leak(value);
    mail.delayMs = 60_000;
    const process = startEmails(server().app);
    const sending = process?.run();
    await mail.isAsked();
    await process?.close();
    await sending;
    // The server has accepted none yet, so the stop did not wait for it.
    expect(mail.received).toEqual([]);
    mail.delayMs = 0;
  });

  test("A stop succeeds although emails cannot be read", async () => {
    const process = startEmails(server().app);
    await server().sql("ALTER TABLE email RENAME TO email_away");
    try {
      const sending = process?.run();
      const closed = process?.close();
      await expect(sending).rejects.toThrow(/email/);
      await closed;
    } finally {
      await server().sql("ALTER TABLE email_away RENAME TO email");
    }
  });
});

describe("Without an SMTP server", () => {
  const server = useServer();

  test("No email is written", async () => {
    const { value } = await server().createToken({
      name: "Robot",
      expiresAt: new Date(server().clock.now().getTime() + 60 * dayMs).toISOString(),
    });
    server().clock.advance(31 * dayMs);
    await giveNotices(server().app);
    await server()
      .program(value)
      .fetch("/oauth2/revoke", {
        method: "POST",
        body: JSON.stringify({ tokens: [value], reason: "Found" }),
        headers: { "Content-Type": "application/json" },
      });
    expect(startEmails(server().app)).toBeNull();
    expect(await server().sql("SELECT * FROM email")).toEqual([]);
    expect(await server().sql("SELECT kind, emailed_at FROM token_notice ORDER BY kind")).toEqual([
      { kind: "EXPIRY_30", emailed_at: null },
      { kind: "LEAK", emailed_at: null },
    ]);
  });
});

import { type Emails, startEmails } from "../../src/features/emails/send-emails.js";
import { giveNotices } from "../../src/features/notices/notices.js";
import { type Email, MailServer } from "../support/mail-server.js";
import { accounts, people, testPlatform } from "../support/platform.js";
import { useServer } from "../support/test-server.js";

const dayMs = 86_400_000;
const minuteMs = 60_000;

describe("Emails", () => {
  const env: Record<string, string> = { SMTP_FROM: "Hallpass <hallpass@platform.example>" };
  let mail: MailServer;
  beforeAll(async () => {
    mail = await MailServer.start();
    env.SMTP_URL = mail.url;
  });
  const server = useServer({ env });
  let emails: Emails;
  beforeAll(() => {
    const started = startEmails(server().app);
    if (!started) throw new Error("An SMTP server is configured.");
    emails = started;
  });
  afterAll(async () => {
    await emails?.close();
    await mail?.stop();
  });
  beforeEach(async () => {
    // No email is about the last test's tokens, or too soon after its emails.
    await server().sql("UPDATE api_token SET status = 'DISABLED' WHERE status = 'ACTIVE'");
    server().clock.advance(2 * dayMs);
    mail.received = [];
  });

  const inDays = (days: number) => new Date(server().clock.now().getTime() + days * dayMs).toISOString();
  const create = async (input: Record<string, unknown>) => server().createToken(input, await server().signIn("admin"));
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
          `${name} \\(${id}\\) expires on \\d+ \\w+ \\d{4}\n${server().app.config.publicUrl.origin}/${accounts.client}/settings/api-tokens/${id}\n`,
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

  test("A token that was extended, disabled or deleted meanwhile is left out", async () => {
    await createExpiring("Before", 6);
    await noticesSent();
    const ids = [];
    for (const name of ["Extended", "Disabled", "Deleted", "Kept"]) ids.push((await createExpiring(name, 6)).id);
    await noticesSent();
    server().clock.advance(dayMs);
    const admin = await server().signIn("admin");
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
    await (await server().signIn("admin")).mutate("updateAccountPolicy", { idleDays: 30 });
    server().clock.advance(31 * dayMs);
    await noticesSent();
    const day = new Date(server().clock.now().getTime() + 7 * dayMs);
    const [{ text }] = to(people.admin.email) as [Email];
    expect(text).toContain(
      `Unused (${id}) is unused, and will be disabled on ${day.getUTCDate()} ${day.toLocaleString("en-GB", { month: "long", timeZone: "UTC" })}`,
    );
    await (await server().signIn("admin")).mutate("updateAccountPolicy", { idleDays: null });
  });

  test("A leak is told at once, in Hallpass's own words", async () => {
    const name = "Robot\r\nBcc: thief@example.com";
    const { id, value } = await create({ name: "Robot" });
    await server().sql("UPDATE api_token SET name = ? WHERE id = ?", [name, id]);
    await leak(value, { url: "https://evil.example/sign-in", reason: "Sign in at evil.example" });
    await emails.run();
    expect(everyone()).toEqual(administrators);
    const [{ text }] = to(people.admin.email) as [Email];
    const [headers] = text.split("\n\n") as [string];
    expect(headers).toContain("Subject: The value of API token Robot Bcc: thief@example.com was leaked");
    expect(headers).not.toMatch(/^Bcc/m);
    expect(text).toContain("is disabled, because its value was reported as leaked");
    expect(text).not.toMatch(/evil|hp_/);
    expect(text).not.toContain(value);
    // A second report changes nothing.
    mail.received = [];
    await leak(value);
    await emails.run();
    expect(mail.received).toEqual([]);
  });

  test("While the server is down or rejects for a while, emails wait. Two processes send each once", async () => {
    const { value } = await create({ name: "Robot" });
    await leak(value);
    await mail.stop();
    await emails.run();
    await mail.resume();
    mail.rejects = () => 450;
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

  test("Someone who loses their role before the email is sent gets none", async () => {
    const { value } = await create({ name: "Robot" });
    await leak(value);
    const platform = testPlatform();
    const leaver = platform.users.find(({ id }) => id === people.otherAdmin.id);
    if (leaver) leaver.roles = {};
    await server().apply(platform);
    await emails.run();
    await server().apply(testPlatform());
    await emails.run();
    expect(everyone()).toEqual(administrators.filter((email) => email !== people.otherAdmin.email));
  });

  test("A recipient whom the server rejects for good is given up, and the others get theirs", async () => {
    const { value } = await create({ name: "Robot" });
    await leak(value);
    let attempts = 0;
    mail.rejects = (recipient) => {
      if (recipient !== people.otherAdmin.email) return null;
      attempts++;
      return 550;
    };
    await emails.run();
    server().clock.advance(dayMs);
    await emails.run();
    mail.rejects = () => null;
    server().clock.advance(dayMs);
    await emails.run();
    expect(everyone()).toEqual(administrators.filter((email) => email !== people.otherAdmin.email));
    expect(attempts).toBe(1);
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
    expect(await server().sql("SELECT emailed_at FROM token_notice")).toEqual([{ emailed_at: null }]);
  });
});

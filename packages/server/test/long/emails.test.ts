import { MailServer } from "../support/mail-server.js";
import { accounts, modules, password, testPlatform } from "../support/platform.js";
import { HallpassProcess, until } from "../support/programs.js";
import { useServer } from "../support/test-server.js";

describe("Emails", () => {
  const platform = testPlatform();
  const newcomers = Array.from({ length: 30 }, (_, index) => ({
    id: `USR-3000-${String(index).padStart(4, "0")}`,
    name: `Administrator ${index}`,
    email: `administrator-${index}@client.example`,
    password,
    roles: { [accounts.client]: "ADMIN" as const },
  }));
  const server = useServer({ platform: { ...platform, users: [...platform.users, ...newcomers] } });
  let mail: MailServer;
  let hallpass: HallpassProcess;
  const start = () =>
    HallpassProcess.start({ ...server().database.env, SMTP_URL: mail.url, SMTP_FROM: "hallpass@platform.example" });
  beforeAll(async () => {
    await server().stop();
    mail = await MailServer.start();
    hallpass = await start();
  });
  afterAll(async () => {
    await hallpass?.stop();
    await mail?.stop();
  });

  test("With Hallpass killed while it sends, no email is lost or sent under two IDs", async () => {
    const admin = await hallpass.signIn("admin");
    const { value } = await admin.mutate("createApiToken", { name: "Robot", moduleIds: [modules.catalogue] });
    mail.delayMs = 200;
    const body = JSON.stringify({ tokens: [value] });
    await admin.fetch("/oauth2/revoke", { method: "POST", body, headers: { "Content-Type": "application/json" } });
    const all = platform.users.filter(({ roles }) => roles[accounts.client] === "ADMIN").length + newcomers.length;
    for (const after of [5, 15]) {
      await until(() => mail.received.length >= after, { limitMs: 120_000, everyMs: 5 });
      await hallpass.kill();
      expect(mail.received.length).toBeLessThan(all);
      hallpass = await start();
    }
    const recipients = () => new Set(mail.received.flatMap((each) => each.recipients));
    const ids = () => new Set(mail.received.map(({ text }) => /^Message-ID: (<[^>]+>)/im.exec(text)?.[1]));
    // What was being sent is tried again after three minutes.
    await until(() => recipients().size >= all, { limitMs: 300_000, everyMs: 100 });
    expect(recipients().size).toBe(all);
    expect(ids().size).toBe(all);
    expect(mail.received.length - all).toBeLessThanOrEqual(2);
  }, 600_000);
});

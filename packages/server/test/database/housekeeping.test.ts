import { pino } from "pino";
import { startHousekeeping } from "../../src/app/housekeeping.js";
import { accounts, modules, people } from "../support/platform.js";
import { Clock, useServer } from "../support/test-server.js";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe("Housekeeping", () => {
  const server = useServer();
  const clock = new Clock();
  const open: ReturnType<typeof startHousekeeping>[] = [];
  afterAll(() => Promise.all(open.map((each) => each.close())));
  /** The housekeeping of another process. */
  const ofProcess = () => {
    const { dataSource } = server().app;
    const started = startHousekeeping({ dataSource, logger: pino({ level: "silent" }), now: clock.now, usageDays: 90 });
    open.push(started);
    return started;
  };
  const count = async (table: string): Promise<number> =>
    Number((await server().sql(`SELECT COUNT(*) AS n FROM ${table}`))[0].n);

  test("One process does it, until it ends", async () => {
    const [first, second] = [ofProcess(), ofProcess()];
    expect([await first.run(), await second.run(), await first.run()]).toEqual([true, false, true]);
    // The first has ended, so it does not renew its lease.
    clock.advance(hourMs);
    expect([await second.run(), await first.run()]).toEqual([true, false]);
    clock.advance(hourMs);
  });

  test("Ended sessions and used idempotency keys are deleted, and only those", async () => {
    for (let session = 0; session < 3; session++) await server().signIn("admin");
    await server().createToken({ moduleIds: [modules.orders], idempotencyKey: "one" });
    const before = { sessions: await count("session"), keys: await count("idempotency_key") };
    expect(before).toEqual({ sessions: 4, keys: 1 });
    const process = ofProcess();

    clock.advance(dayMs - 10 * 60_000 - 2 * hourMs);
    await process.run();
    expect([await count("session"), await count("idempotency_key")]).toEqual([before.sessions, before.keys]);
    clock.advance(hourMs);
    await process.run();
    expect([await count("session"), await count("idempotency_key")]).toEqual([before.sessions, 0]);
    clock.advance(6 * dayMs);
    await process.run();
    expect(await count("session")).toBe(0);
  });

  test("Emails are deleted after 30 days", async () => {
    for (const days of [29, 31]) {
      const at = new Date(clock.now().getTime() - days * dayMs).toISOString().replace("T", " ").replace("Z", "");
      await server().sql(
        "INSERT INTO email (id, account_id, user_id, as_administrator, kind, subject, body, created_at, attempts) VALUES (?, ?, ?, 1, ?, ?, ?, ?, 1)",
        [`${days}`, accounts.client, people.admin.id, "LEAK", "Subject", "Body", at],
      );
    }
    clock.advance(hourMs);
    await ofProcess().run();
    expect(await server().sql("SELECT id FROM email")).toEqual([{ id: "29" }]);
  });

  test("Usage is deleted after the days it is kept", async () => {
    const { id } = await server().createToken({ moduleIds: [modules.orders] }, await server().signIn("admin"));
    const day = (days: number) => new Date(clock.now().getTime() - days * dayMs).toISOString().slice(0, 10);
    for (const days of [1, 89, 90])
      await server().sql("INSERT INTO token_usage (token_id, day, allowed, denied) VALUES (?, ?, 1, 0)", [
        id,
        day(days),
      ]);
    clock.advance(hourMs);
    await ofProcess().run();
    const rows = await server().sql("SELECT day FROM token_usage WHERE token_id = ? ORDER BY day", [id]);
    expect(rows.map((row: { day: string }) => row.day)).toEqual([day(89), day(1)]);
  });
});

import { giveNotices } from "../../src/features/notices/notices.js";
import type { Client } from "../support/client.js";
import { useServer } from "../support/test-server.js";

const dayMs = 86_400_000;

describe("Notices about tokens", () => {
  const server = useServer();
  const advance = (days: number) => server().clock.advance(days * dayMs);
  const inDays = (days: number) => new Date(server().clock.now().getTime() + days * dayMs).toISOString();
  const admin = (): Promise<Client> => server().signIn("admin");
  const create = async (input: Record<string, unknown>) => server().createToken(input, await admin());
  const run = () => giveNotices(server().app);
  const recordsOf = async (id: string): Promise<string[]> =>
    (await server().trail(await server().signIn("auditor"), { objectIds: [id] }))
      .map(({ event, summary }) => `${event}: ${summary}`)
      .filter((text) => /^api_token\.(expiring|unused):/.test(text));

  test("An expiry is recorded within 30, 7 and 1 days before, each once", async () => {
    const { id } = await create({ name: "Order sync", expiresAt: inDays(60) });
    const expected: string[] = [];
    for (const [days, said] of [
      [29, null],
      [1.5, "30 days"],
      [1, null],
      [21.6, "7 days"],
      [1, null],
      [5, "a day"],
      [0.5, null],
      [2, null],
    ] as const) {
      advance(days);
      await Promise.all([run(), run()]);
      if (said) expected.push(`api_token.expiring: API token Order sync expires within ${said}`);
      expect(await recordsOf(id)).toEqual(expected);
    }
    expect(expected).toHaveLength(3);
  });

  test("After a new expiry, notice is given again. A disabled token and a short lifetime get none", async () => {
    const client = await admin();
    const extended = await create({ name: "Extended", expiresAt: inDays(60) });
    const disabled = await create({ name: "Disabled", expiresAt: inDays(60) });
    const short = await create({ name: "Short", expiresAt: inDays(7) });
    await client.mutate("disableApiToken", { id: disabled.id });
    advance(31);
    await run();
    await (await admin()).mutate("updateApiToken", { id: extended.id, expiresAt: inDays(60) });
    await run();
    expect(await recordsOf(extended.id)).toHaveLength(1);
    advance(31);
    await run();
    expect(await recordsOf(extended.id)).toHaveLength(2);
    expect(await recordsOf(disabled.id)).toEqual([]);
    // Only the last day.
    expect((await recordsOf(short.id)).filter((text) => /7 days|30 days/.test(text))).toEqual([]);
  });

  describe("Under a policy that disables unused tokens", () => {
    const setIdle = async (idleDays: number | null) => (await admin()).mutate("updateAccountPolicy", { idleDays });
    const statusOf = async (id: string): Promise<string> =>
      (await server().sql("SELECT status FROM api_token WHERE id = ?", [id]))[0].status;
    const use = (id: string) =>
      server().sql("UPDATE api_token_access SET last_access_at = ? WHERE token_id = ?", [
        server().clock.now().toISOString().replace("T", " ").replace("Z", ""),
        id,
      ]);
    afterEach(() => setIdle(null));

    test("Notice is given, and a week later the token is disabled by the system", async () => {
      const { id, value } = await create({ name: "Unused" });
      await setIdle(30);
      advance(29);
      await run();
      expect(await recordsOf(id)).toEqual([]);
      advance(2);
      await run();
      await run();
      expect(await recordsOf(id)).toEqual([
        "api_token.unused: API token Unused is unused for 30 days, and will be disabled in 7 days",
      ]);
      advance(6.9);
      await run();
      expect(await statusOf(id)).toBe("ACTIVE");
      advance(0.2);
      await run();
      expect(await statusOf(id)).toBe("DISABLED");
      expect((await server().program(value).fetch("/authorize")).status).toBe(401);
      const [last] = (await server().trail(await admin(), { objectIds: [id] })).slice(-1);
      expect(last).toMatchObject({
        event: "api_token.disabled",
        summary: "API token Unused disabled because it was unused",
        actor: null,
      });
    });

    test("A token that is used after the notice stays, and gets another one later", async () => {
      const { id } = await create({ name: "Rarely used" });
      await setIdle(30);
      advance(31);
      await run();
      advance(6);
      await use(id);
      advance(10);
      await run();
      expect(await statusOf(id)).toBe("ACTIVE");
      advance(25);
      await run();
      expect(await recordsOf(id)).toHaveLength(2);
      expect(await statusOf(id)).toBe("ACTIVE");
    });

    test("A token that someone enabled again gets the whole time again", async () => {
      const { id } = await create({ name: "Enabled again" });
      await setIdle(30);
      advance(31);
      await run();
      advance(8);
      await run();
      expect(await statusOf(id)).toBe("DISABLED");
      await (await admin()).mutate("enableApiToken", { id });
      await run();
      advance(20);
      await run();
      expect(await statusOf(id)).toBe("ACTIVE");
      expect(await recordsOf(id)).toHaveLength(1);
    });

    test("Without such a policy, nothing is disabled", async () => {
      const { id } = await create({ name: "Forgotten" });
      advance(1_000);
      await run();
      expect(await statusOf(id)).toBe("ACTIVE");
      expect(await recordsOf(id)).toEqual([]);
    });
  });
});

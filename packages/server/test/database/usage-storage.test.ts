import type { Usage } from "@hallpass/shared/check";
import { clearUsage } from "../../src/features/usage/clear-usage.js";
import { writeUsage } from "../../src/features/usage/write-usage.js";
import { useServer } from "../support/test-server.js";

const dayMs = 86_400_000;
const noon = new Date("2026-06-30T12:00:00.000Z");
const dayBefore = (days: number) => new Date(noon.getTime() - days * dayMs).toISOString().slice(0, 10);

describe("Stored usage", () => {
  const server = useServer();
  const origin = { ip: "203.0.113.1", userAgent: "robot/1" };
  const usageOf = (tokenId: string, day: string): Usage => {
    const lastAccessAt = new Date(`${day}T12:00:00.000Z`).getTime();
    return { tokenId, day, allowed: 1, denied: 2, lastAccessAt, lastOrigin: origin, lastUse: [] };
  };
  const write = async (...usages: Usage[]) => {
    const errors: unknown[] = [];
    const unwritten = await writeUsage(server().app.dataSource, usages, (error) => errors.push(error));
    expect(errors).toEqual([]);
    expect(unwritten).toEqual([]);
  };
  const daysOf = async (tokenId: string): Promise<string[]> => {
    const rows = await server().sql("SELECT day FROM token_usage WHERE token_id = ? ORDER BY day", [tokenId]);
    return rows.map(({ day }: { day: string }) => day);
  };

  test("Days older than the API returns are cleared", async () => {
    const { id } = await server().createToken();
    for (const days of [0, 1, 88, 89, 90, 91, 400]) await write(usageOf(id, dayBefore(days)));
    await clearUsage(server().app.dataSource, { now: noon, days: 90, isStopped: () => false });
    expect(await daysOf(id)).toEqual([89, 88, 1, 0].map(dayBefore));
  });

  test("Clearing runs in steps and stops when the process does", async () => {
    const { id } = await server().createToken();
    const days = Array.from({ length: 1_200 }, (_, index) => dayBefore(100 + index));
    for (const day of days) await write(usageOf(id, day));
    let steps = 0;
    await clearUsage(server().app.dataSource, { now: noon, days: 90, isStopped: () => ++steps > 1 });
    expect(await daysOf(id)).toHaveLength(700);
    await clearUsage(server().app.dataSource, { now: noon, days: 90, isStopped: () => false });
    expect(await daysOf(id)).toEqual([]);
  });

  test("A batch with tokens that no longer exist stores the usage of the others", async () => {
    const { id } = await server().createToken();
    await write(
      usageOf("TKN-0000-0001", dayBefore(0)),
      usageOf(id, dayBefore(0)),
      usageOf("TKN-9999-9999", dayBefore(0)),
    );
    expect(await daysOf(id)).toEqual([dayBefore(0)]);
    const rows = await server().sql("SELECT token_id FROM api_token_access WHERE token_id IN (?, ?)", [
      "TKN-0000-0001",
      "TKN-9999-9999",
    ]);
    expect(rows).toEqual([]);
  });

  test("A batch larger than one transaction is stored completely", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 120; index++) ids.push((await server().createToken()).id);
    const absent = Array.from({ length: 900 }, (_, index) =>
      usageOf(`TKN-0001-${String(index).padStart(4, "0")}`, dayBefore(0)),
    );
    const usages = ids.map((id) => usageOf(id, dayBefore(0)));
    await write(...usages.slice(0, 60), ...absent, ...usages.slice(60));
    for (const id of ids) expect(await daysOf(id)).toEqual([dayBefore(0)]);
    const stored = await server().sql("SELECT COUNT(*) AS count FROM api_token_access WHERE ip = ?", [origin.ip]);
    expect(Number(stored[0].count)).toBeGreaterThanOrEqual(ids.length);
  });
});

import { setTimeout as wait } from "node:timers/promises";

/** Reads again and again until it is as expected; fails with the last reading. */
export async function eventually<Value>(read: () => Value | Promise<Value>, expected: unknown): Promise<void> {
  const until = Date.now() + 120_000;
  for (;;) {
    try {
      return expect(await read()).toEqual(expected);
    } catch (error) {
      if (Date.now() > until) throw error;
      await wait(50);
    }
  }
}

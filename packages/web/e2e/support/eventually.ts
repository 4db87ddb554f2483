import { setTimeout as wait } from "node:timers/promises";

/** Polls until the value is as expected. Fails with the last value read. */
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

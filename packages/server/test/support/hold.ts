/** Calls of an expensive library function, held until released. */
export interface HeldCalls {
  /** The number of calls running now. */
  running(): number;
  /** The maximum number of concurrent calls. */
  mostAtOnce(): number;
  /** The number of calls so far. */
  count(): number;
  /** Releases held and later calls. */
  release(): void;
  restore(): void;
}

/** Holds every call of the method until released. */
// biome-ignore lint/suspicious/noExplicitAny: any library's function.
export function holdCalls(of: any, method: string): HeldCalls {
  let running = 0;
  let mostAtOnce = 0;
  let count = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const original = of[method];
  const spy = jest.spyOn(of, method).mockImplementation(async function (this: unknown, ...given: unknown[]) {
    count++;
    running++;
    mostAtOnce = Math.max(mostAtOnce, running);
    try {
      await released;
      return await original.apply(this, given);
    } finally {
      running--;
    }
  });
  return {
    running: () => running,
    mostAtOnce: () => mostAtOnce,
    count: () => count,
    release,
    restore: () => spy.mockRestore(),
  };
}

/** Calls of an expensive library function, held until they are released. */
export interface HeldCalls {
  /** How many are under way at this moment. */
  running(): number;
  /** The most that were ever under way at once. */
  mostAtOnce(): number;
  /** How many there have been in all. */
  count(): number;
  /** Lets those that are held go on, and later ones pass. */
  release(): void;
  restore(): void;
}

/** Holds every call of the method, which then does what it always does. */
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

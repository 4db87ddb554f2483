import pLimit, { type LimitFunction } from "p-limit";

/**
 * Expensive work with a shared concurrency limit. Beyond its capacity, work is rejected at once instead of waiting
 * indefinitely.
 */
export interface WorkQueue {
  /**
   * Runs a caller's work, which must run its expensive part through `limit`: a few of those run at once, the others are
   * queued. Throws the error `rejection` returns, before anything is done, if every slot is taken or the caller has
   * `perCaller` of them.
   */
  admit<T>(caller: string, work: (limit: LimitFunction) => Promise<T>): Promise<T>;
}

interface Options {
  /** Concurrency limit of the expensive parts. */
  concurrency: number;
  /** Slots in total, for work that is running or queued. */
  capacity: number;
  /** Slots of one caller, so that a flood from one leaves room for the others. */
  perCaller: number;
  rejection(): Error;
}

export function createWorkQueue({ concurrency, capacity, perCaller, rejection }: Options): WorkQueue {
  const limit = pLimit(concurrency);
  const taken = new Map<string, number>();
  let total = 0;
  return {
    async admit(caller, work) {
      const own = taken.get(caller) ?? 0;
      if (total >= capacity || own >= perCaller) throw rejection();
      total++;
      taken.set(caller, own + 1);
      try {
        return await work(limit);
      } finally {
        total--;
        const left = (taken.get(caller) ?? 1) - 1;
        if (left > 0) taken.set(caller, left);
        else taken.delete(caller);
      }
    },
  };
}

import pLimit, { type LimitFunction } from "p-limit";

/** Expensive work that all callers share: what finds no place is refused at once instead of waiting without end. */
export interface WorkQueue {
  /**
   * Does the work of one caller, which runs its expensive part in `turn`: a few of those run at once, the others wait.
   * Throws what `refuse` gives, before anything is done, when every place is taken or the caller has its share.
   */
  admit<T>(caller: string, work: (turn: LimitFunction) => Promise<T>): Promise<T>;
}

interface Options {
  /** Turns at once. */
  running: number;
  /** Callers admitted at once, running and waiting. */
  places: number;
  /** Places that one caller can have, so that a flood from one leaves room for the others. */
  share: number;
  refuse(): Error;
}

export function createWorkQueue({ running, places, share, refuse }: Options): WorkQueue {
  const turn = pLimit(running);
  const taken = new Map<string, number>();
  let total = 0;
  return {
    async admit(caller, work) {
      const own = taken.get(caller) ?? 0;
      if (total >= places || own >= share) throw refuse();
      total++;
      taken.set(caller, own + 1);
      try {
        return await work(turn);
      } finally {
        total--;
        const left = (taken.get(caller) ?? 1) - 1;
        if (left > 0) taken.set(caller, left);
        else taken.delete(caller);
      }
    },
  };
}

import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { createWorkQueue, type WorkQueue } from "../../core/work-queue.js";

// OWASP's parameters for argon2id, the library's default algorithm.
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Returns argon2id as a PHC string. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, parameters);
}

/** A hash of an unknown password, so that an unknown user takes as long as a wrong password. */
const dummyHash = hashPassword(randomUUID());

/** Stored instead of a hash for a person who signs in with the identity provider only. */
export const noPassword = "none";

/** False without a hash, after the same work as with one. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  const known = passwordHash === noPassword ? null : passwordHash;
  const matches = await verify(known ?? (await dummyHash), password);
  return matches && known !== null;
}

/**
 * Hashes at once. Each occupies a core for about 30 ms, so one core is left to the rest of the process. Each also
 * occupies one of libuv's four threads, which files, DNS lookups and logos share, so there are never more than two.
 */
const concurrency = Math.max(1, Math.min(2, availableParallelism() - 1));
/** Sign-ins running and queued. The last one waits about a second. */
const capacity = 32;
/** Slots of one IP address, e.g. of an office behind one. */
const perCaller = 16;

/** Admits sign-ins by IP address. `apply` hashes outside the queue, so that sign-ins cannot block operators. */
export function createSignInQueue(rejection: () => Error): WorkQueue {
  return createWorkQueue({ concurrency, capacity, perCaller, rejection });
}

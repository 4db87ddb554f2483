import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { createWorkQueue, type WorkQueue } from "../../core/work-queue.js";

// OWASP's parameters for argon2id, which is the library's algorithm when none is named.
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** argon2id as a PHC string. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, parameters);
}

/** A hash of nothing that anybody knows, so that an unknown person takes as long as a wrong password. */
const nobodysHash = hashPassword(randomUUID());

/** False without a hash, after the same work as with one. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await nobodysHash), password);
  return matches && passwordHash !== null;
}

/**
 * Sign-ins under way. A hash occupies a core for some 30 ms, so one core is left to whatever else the process does; and
 * one of libuv's four threads, which file and name look-ups and logos share, so there are never more than two.
 */
const hashesAtOnce = Math.max(1, Math.min(2, availableParallelism() - 1));
/** The last of them waits for about a second. */
const places = 32;
/** Of one IP address, as of an office behind one. */
const share = 16;

/** Admits sign-ins by IP address. `apply` hashes outside it: an operator is not refused because others sign in. */
export function createSignInQueue(refuse: () => Error): WorkQueue {
  return createWorkQueue({ running: hashesAtOnce, places, share, refuse });
}

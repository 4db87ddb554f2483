import { randomUUID } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";

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

import { Initial1764000000000 } from "./1764000000000-initial.js";
import { ClosedAccounts1764100000000 } from "./1764100000000-closed-accounts.js";

/** In order. A released migration is never changed. */
export const migrations = [Initial1764000000000, ClosedAccounts1764100000000];

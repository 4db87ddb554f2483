import { Initial1764000000000 } from "./1764000000000-initial.js";
import { History1764300000000 } from "./1764300000000-history.js";

/** In order. A released migration is never changed. */
export const migrations = [Initial1764000000000, History1764300000000];

import { Initial1764000000000 } from "./1764000000000-initial.js";
import { SignedHeads1764200000000 } from "./1764200000000-signed-heads.js";

/** In order. A released migration is never changed. */
export const migrations = [Initial1764000000000, SignedHeads1764200000000];

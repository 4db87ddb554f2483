import type { CheckUsage, Usage, UsageOrigin } from "@hallpass/shared/check";

// Process-wide services of features, as other features see them.

/** Counts checks in memory and writes them in batches. A check neither waits for a write nor makes one. */
export interface UsageRecorder extends CheckUsage {
  /** Adds checks of a verifier. */
  reported(usage: Usage): void;
  /** The last access that is not written yet, in ms since 1970. Null if there is none. */
  pendingAccess(tokenId: string): { at: number; origin: UsageOrigin } | null;
  /** Whether the last batch was stored. */
  isWritten(): boolean;
  /** Writes what is still in memory. */
  close(): Promise<void>;
}

/** Appends signed heads to a file that a trail can later be compared with. No change waits for it. */
export interface HeadsFile {
  /** Call it after a change to the account's trail. The new head is appended at the next interval. */
  changed(accountId: string): void;
  /** Appends every head now, in the background. */
  appendAll(): void;
  /** "failing" if heads could not be appended. They are kept for the next interval. */
  state(): "off" | "ok" | "failing";
  /** Appends the remaining heads. */
  close(): Promise<void>;
}

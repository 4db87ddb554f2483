import { dayOf, endOfDay } from "../../../lib/time-zone";

/** A token’s expiry as chosen in the form. */
export type Expiry = { kind: "never" } | { kind: "days"; days: number } | { kind: "date"; date: string };

export const noExpiry: Expiry = { kind: "never" };

/** What the Add dialog starts with. */
export const defaultExpiry: Expiry = { kind: "days", days: 90 };

/** In the order in which they are offered. */
export const presetDays = [90, 30, 365] as const;

/**
 * Returns null for never, and an invalid Date until a day is chosen.
 * A token is valid until the end of its last day in the user’s time zone.
 */
export function expiryOf(expiry: Expiry, now: Date): Date | null {
  if (expiry.kind === "never") return null;
  return expiry.kind === "days" ? endOfDay(dayOf(now), expiry.days) : endOfDay(expiry.date);
}

export function expiryFrom(expiresAt: string | null | undefined): Expiry {
  return expiresAt ? { kind: "date", date: dayOf(new Date(expiresAt)) } : noExpiry;
}

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
  if (expiry.kind === "days") return endOfDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() + expiry.days));
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN] = expiry.date.split("-").map(Number);
  return endOfDay(new Date(year, month - 1, day));
}

export function expiryFrom(expiresAt: string | null | undefined): Expiry {
  return expiresAt ? { kind: "date", date: localDate(new Date(expiresAt)) } : noExpiry;
}

/** YYYY-MM-DD in the user’s time zone, as used by date fields. */
export function localDate(date: Date): string {
  const pad = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

function endOfDay(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate(), 23, 59, 59, 999);
}

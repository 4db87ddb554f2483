const dayMs = 86_400_000;

/** Whether a token was used within the given number of days. Times are RFC 3339 and ms since 1970. */
export function isRecent(lastAccessAt: string | null | undefined, now: number, days = 1): boolean {
  return Boolean(lastAccessAt) && now - Date.parse(lastAccessAt ?? "") < days * dayMs;
}

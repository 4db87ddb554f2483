const hourMs = 3_600_000;

/** A session ends after this long without a request. */
export const sessionIdleMs = 12 * hourMs;

/** And after this long in any case. */
export const sessionLifetimeMs = 7 * 24 * hourMs;

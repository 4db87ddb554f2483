const noticeMs = 7 * 86_400_000;

/**
 * `Hallpass-Expires-At`, in RFC 3339, on each answer to a token that expires within 7 days, so that programs can warn
 * their own people. Both in ms since 1970; null if it never expires.
 */
export const expiryNotice = (expiresAt: number | null, now: number): Record<string, string> =>
  expiresAt === null || expiresAt - now > noticeMs
    ? none
    : { "Hallpass-Expires-At": new Date(expiresAt).toISOString() };

const none = {};

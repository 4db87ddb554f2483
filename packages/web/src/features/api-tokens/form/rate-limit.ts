/** A rate limit as it is typed. No limit without a number. */
export interface RateLimitDraft {
  requests: string;
  perSeconds: number;
}

export interface RateLimit {
  requests: number;
  perSeconds: number;
}

export const noRateLimit: RateLimitDraft = { requests: "", perSeconds: 60 };

const periods = new Map([
  [1, "second"],
  [60, "minute"],
  [3_600, "hour"],
  [86_400, "day"],
]);

/** Periods to choose from, and the current one if a program has set another. */
export function periodChoices(current: number): { value: string; label: string }[] {
  const offered = [...new Set([...periods.keys(), current])].sort((a, b) => a - b);
  return offered.map((seconds) => ({ value: String(seconds), label: `per ${periodInWords(seconds)}` }));
}

const periodInWords = (seconds: number) => periods.get(seconds) ?? `${seconds.toLocaleString("en")} seconds`;

export const rateLimitFrom = (limit: RateLimit | null | undefined): RateLimitDraft =>
  limit ? { requests: String(limit.requests), perSeconds: limit.perSeconds } : noRateLimit;

/** NaN requests if it is not a number. */
export const rateLimitOf = ({ requests, perSeconds }: RateLimitDraft): RateLimit | null =>
  requests.trim() === "" ? null : { requests: Number(requests.replaceAll(",", "")), perSeconds };

/** E.g. "100 requests per minute". */
export const rateLimitInWords = ({ requests, perSeconds }: RateLimit): string =>
  `${requests.toLocaleString("en")} ${requests === 1 ? "request" : "requests"} per ${periodInWords(perSeconds)}`;

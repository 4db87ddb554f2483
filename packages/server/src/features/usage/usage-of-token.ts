import { limits } from "@hallpass/shared";
import type { RequestContext } from "../../context/request-context.js";
import { badInput } from "../../core/errors.js";
import { usageDaysOfToken } from "./usage-loaders.js";

const dayMs = 86_400_000;
const defaultDays = 30;

export interface UsageDay {
  day: string;
  allowed: number;
  denied: number;
}

/** Number of days to return, for both the cost and the read. Throws BAD_USER_INPUT if it is out of range. */
export function usageDaysOf({ days }: { days?: number | null }): number {
  const wanted = days ?? defaultDays;
  if (wanted < 1 || wanted > limits.usageDays) throw badInput(`'days' must be from 1 to ${limits.usageDays}.`);
  return wanted;
}

/** One row per day, oldest first, today last, including days without traffic. */
export async function usageOfToken(
  { app, loaders }: RequestContext,
  tokenId: string,
  args: { days?: number | null },
): Promise<UsageDay[]> {
  const days = usageDaysOf(args);
  const today = app.now().getTime();
  const wanted = Array.from({ length: days }, (_, index) => isoDay(today - (days - 1 - index) * dayMs));
  const stored = await loaders.of(usageDaysOfToken).load({ tokenId, since: wanted[0] ?? isoDay(today) });
  const byDay = new Map(stored.map((each) => [each.day, each]));
  return wanted.map((day) => ({ day, allowed: byDay.get(day)?.allowed ?? 0, denied: byDay.get(day)?.denied ?? 0 }));
}

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

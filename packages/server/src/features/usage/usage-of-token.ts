import { limits } from "@hallpass/shared";
import { badInput } from "../../errors.js";
import type { RequestContext } from "../../request-context.js";

const dayMs = 86_400_000;

export interface UsageDay {
  day: string;
  allowed: number;
  denied: number;
}

/** One row a day, oldest first, today last; days without traffic included. */
export async function usageOfToken(
  { app, loaders }: RequestContext,
  tokenId: string,
  days: number,
): Promise<UsageDay[]> {
  if (days < 1 || days > limits.usageDays) throw badInput(`'days' must be from 1 to ${limits.usageDays}.`);
  const today = app.now().getTime();
  const wanted = Array.from({ length: days }, (_, index) => isoDay(today - (days - 1 - index) * dayMs));
  const stored = await loaders.usageOfToken.load({ tokenId, since: wanted[0] ?? isoDay(today) });
  const byDay = new Map(stored.map((each) => [each.day, each]));
  return wanted.map((day) => ({ day, allowed: byDay.get(day)?.allowed ?? 0, denied: byDay.get(day)?.denied ?? 0 }));
}

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

export interface UsageDay {
  /** YYYY-MM-DD in UTC. */
  day: string;
  allowed: number;
  denied: number;
}

const number = new Intl.NumberFormat("en-GB");
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const shortDate = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

export const formatCount = (count: number) => number.format(count);
export const formatDay = (day: string) => date.format(new Date(day));
export const formatShortDay = (day: string) => shortDate.format(new Date(day));

export function totalOf(days: readonly UsageDay[]) {
  return {
    allowed: days.reduce((sum, { allowed }) => sum + allowed, 0),
    denied: days.reduce((sum, { denied }) => sum + denied, 0),
  };
}

/** "23 Nov 2026: 1,204 allowed, 3 denied" */
export function dayInWords({ day, allowed, denied }: UsageDay): string {
  return `${formatDay(day)}: ${formatCount(allowed)} allowed, ${formatCount(denied)} denied`;
}

/** The end of the scale: a round number that is at least the highest day. */
export function niceMax(days: readonly UsageDay[]): number {
  const highest = Math.max(1, ...days.map(({ allowed, denied }) => allowed + denied));
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 3, 4, 6, 8, 10].find((each) => each * power >= highest) ?? 10;
  return step * power;
}

/** Summarises the bars in words. */
export function summaryOf(days: readonly UsageDay[]): string {
  const { allowed, denied } = totalOf(days);
  const busiest = days.reduce((best, each) => (each.allowed + each.denied > best.allowed + best.denied ? each : best));
  return `${formatCount(allowed)} allowed and ${formatCount(denied)} denied in ${days.length} days. Busiest day: ${dayInWords(busiest)}.`;
}

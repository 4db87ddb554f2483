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

/** The marks of the scale: up to five steps of 1, 2 or 5 times a power of ten, from 0 to at least the highest day. */
export function marksOf(days: readonly UsageDay[]): number[] {
  const highest = Math.max(1, ...days.map(({ allowed, denied }) => allowed + denied));
  const power = 10 ** Math.max(0, Math.ceil(Math.log10(highest)) - 1);
  const step =
    [power / 5, power / 2, power, power * 2].find((each) => Number.isInteger(each) && each * 5 >= highest) ?? power * 2;
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, index) => index * step);
}

/** Summarises the bars in words. */
export function summaryOf(days: readonly UsageDay[]): string {
  const { allowed, denied } = totalOf(days);
  const busiest = days.reduce((best, each) => (each.allowed + each.denied > best.allowed + best.denied ? each : best));
  return `${formatCount(allowed)} allowed and ${formatCount(denied)} denied in ${days.length} days. Busiest day: ${dayInWords(busiest)}.`;
}

import { dayRange, type FilterCondition } from "./filter-model";

const now = new Date(2026, 10, 29, 15, 30);
const midnight = (day: number) => new Date(2026, 10, day).toISOString();
const during = (period: string): FilterCondition => ({
  kind: "condition",
  field: "createdAt",
  operator: "during",
  values: [period],
});

describe("Periods", () => {
  test.each([
    ["today", 29, 30],
    ["yesterday", 28, 29],
    ["7d", 23, 30],
    ["30d", 0, 30],
  ])(
    "%s lasts from midnight to midnight in the user’s time zone and includes today unless it is yesterday",
    (period, from, to) => {
      expect(dayRange(during(period), now)).toEqual({ from: midnight(from), to: midnight(to) });
    },
  );
});

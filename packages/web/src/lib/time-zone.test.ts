import { chooseTimeZone, chosenTimeZone, dayOf, endOfDay, formatDay, formatTime, startOfDay } from "./time-zone";

const dayMs = 86_400_000;
const daysOf = (year: number) =>
  Array.from({ length: 365 }, (_, index) => new Date(Date.UTC(year, 0, 1) + index * dayMs).toISOString().slice(0, 10));

afterEach(() => chooseTimeZone(undefined));

describe("Time zones", () => {
  test("Dates and times are in the computer’s time zone until another is chosen", () => {
    const at = new Date("2026-11-23T22:30:00Z");
    expect(chosenTimeZone()).toBeUndefined();
    expect(dayOf(at)).toBe(
      [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-"),
    );
    chooseTimeZone("Asia/Tokyo");
    expect([formatDay(at), formatTime(at), dayOf(at)]).toEqual(["24 Nov 2026", "07:30", "2026-11-24"]);
    chooseTimeZone("America/New_York");
    expect([formatDay(at), formatTime(at), dayOf(at)]).toEqual(["23 Nov 2026", "17:30", "2026-11-23"]);
  });

  test.each([
    "UTC",
    "Europe/Madrid",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Chatham",
    // Where clocks change at midnight.
    "Africa/Cairo",
    "America/Havana",
    "America/Nuuk",
    "America/Santiago",
    "Asia/Beirut",
    "Atlantic/Azores",
  ])("In %s, each day starts at its first moment and ends before the next", (timeZone) => {
    chooseTimeZone(timeZone);
    for (const day of daysOf(2026)) {
      const start = startOfDay(day);
      expect([day, dayOf(start), dayOf(new Date(start.getTime() - 1)) < day]).toEqual([day, day, true]);
      expect(endOfDay(day)).toEqual(new Date(startOfDay(day, 1).getTime() - 1));
    }
  });

  test("A day that does not exist has no start", () => {
    for (const day of ["", "2026-02-30", "2026-13-01", "2026-5-1", "tomorrow", "275760-01-01"])
      expect([day, startOfDay(day).getTime()]).toEqual([day, Number.NaN]);
  });

  test.each(["UTC", "America/New_York", "Asia/Tokyo"])(
    "In %s, a year can be half typed, or the last one",
    (timeZone) => {
      chooseTimeZone(timeZone);
      for (const day of [
        "0002-05-01",
        "0020-05-01",
        "0202-05-01",
        "0999-12-31",
        "1000-01-01",
        "9999-12-31",
        "20266-05-01",
      ])
        expect([dayOf(startOfDay(day)), dayOf(endOfDay(day))]).toEqual([day, day]);
      expect(dayOf(new Date("9999-12-31T23:59:59.999Z"))).toBe(
        timeZone === "Asia/Tokyo" ? "10000-01-01" : "9999-12-31",
      );
    },
  );

  test("A day that a time zone left out starts with the next", () => {
    chooseTimeZone("Pacific/Apia");
    expect(dayOf(startOfDay("2011-12-30"))).toBe("2011-12-31");
  });

  test("An unknown time zone changes nothing", () => {
    chooseTimeZone("Asia/Tokyo");
    expect(() => chooseTimeZone("Mars/Olympus")).toThrow(RangeError);
    expect(chosenTimeZone()).toBe("Asia/Tokyo");
  });
});

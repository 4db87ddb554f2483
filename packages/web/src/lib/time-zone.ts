// Dates and times are shown and chosen in one time zone: the computer's, unless another was chosen in this browser.

const key = "hallpass.time-zone";
const dayMs = 86_400_000;

type Options = Intl.DateTimeFormatOptions;

/** Throws RangeError if there is no such time zone. */
function formatsIn(timeZone: string | undefined) {
  const of = (locale: string, options: Options) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  return {
    day: of("en-GB", { day: "numeric", month: "short", year: "numeric" }),
    time: of("en-GB", { hour: "2-digit", minute: "2-digit" }),
    /** 2026-11-23 09:30:00 */
    numeric: of("sv", { dateStyle: "short", timeStyle: "medium" }),
  };
}

let zone: string | undefined;
let formats = formatsIn(undefined);
try {
  setFormats(localStorage.getItem(key) ?? undefined);
} catch {
  // Storage is blocked, or has a time zone that this browser doesn't know.
}

function setFormats(timeZone: string | undefined): void {
  formats = formatsIn(timeZone);
  zone = timeZone;
}

/** An IANA name, e.g. Europe/Madrid. Undefined if none was chosen. */
export const chosenTimeZone = () => zone;

/** Undefined chooses the computer's. Without storage, until the page is reloaded. */
export function chooseTimeZone(timeZone: string | undefined): void {
  setFormats(timeZone);
  try {
    if (timeZone) localStorage.setItem(key, timeZone);
    else localStorage.removeItem(key);
  } catch {}
}

/** `23 Nov 2026`. The format of every date in the app. */
export const formatDay = (date: Date) => formats.day.format(date);

/** `09:30` */
export const formatTime = (date: Date) => formats.time.format(date);

/** The day of a time, as YYYY-MM-DD, which date fields use. */
export const dayOf = (date: Date) => (formats.numeric.format(date).split(" ")[0] ?? "").padStart(10, "0");

/** As if in UTC, in ms since 1970. NaN if there is no such day. */
function utcOf(text: string): number {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = text.split(/\D/).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hours, minutes, seconds);
  const isDay = /^\d{1,5}-\d\d-\d\d/.test(text) && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay ? date.getTime() : Number.NaN;
}

/** Difference to UTC in ms, at a time without milliseconds. */
const offsetAt = (at: number) => utcOf(formats.numeric.format(at)) - at;

/**
 * The first moment of a day, YYYY-MM-DD, or of the day so many days later. That is not always midnight: clocks may skip it.
 * An invalid Date if there is no such day.
 */
export function startOfDay(day: string, plus = 0): Date {
  const midnight = utcOf(day) + plus * dayMs;
  if (Number.isNaN(midnight)) return new Date(midnight);
  // With the differences before and after any change of clocks, one of which moves the time into the day before.
  const found = [-dayMs, dayMs].map((step) => midnight - offsetAt(midnight + step));
  const inDay = found.filter((at) => at + offsetAt(at) >= midnight && at + offsetAt(at) < midnight + dayMs);
  // There is none on a day that the time zone left out.
  const [start = found[0] ?? Number.NaN] = inDay.sort((a, b) => a - b);
  return new Date(start);
}

/** The last moment of a day, or of the day so many days later. */
export const endOfDay = (day: string, plus = 0) => new Date(startOfDay(day, plus + 1).getTime() - 1);

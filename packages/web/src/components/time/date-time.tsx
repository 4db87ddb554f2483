import classes from "./date-time.module.css";

interface DateTimeProps {
  /** RFC 3339. Null if it has not happened. */
  value: string | null | undefined;
  /** Shown if it has not happened. */
  never?: string;
  /** On two lines, for table cells. */
  stacked?: boolean;
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** `23 Nov 2026`, in the user’s time zone. The format of every date in the app. */
export const formatDay = (date: Date) => day.format(date);

/** A time in the user’s time zone, with the exact UTC time as its title. */
export function DateTime({ value, never = "Never", stacked = false }: DateTimeProps) {
  if (!value) return <span className={classes.never}>{never}</span>;
  const date = new Date(value);
  return (
    <time dateTime={value} title={exact(date)} className={stacked ? classes.stacked : undefined}>
      <span>{formatDay(date)}</span> <span className={classes.time}>{time.format(date)}</span>
    </time>
  );
}

/** `2026-11-23 09:30:00 UTC` */
export function exact(date: Date): string {
  return `${date.toISOString().replace("T", " ").slice(0, 19)} UTC`;
}

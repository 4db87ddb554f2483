import { formatDay, formatTime } from "../../lib/time-zone";
import classes from "./date-time.module.css";

interface DateTimeProps {
  /** RFC 3339. Null if it has not happened. */
  value: string | null | undefined;
  /** Shown if it has not happened. */
  never?: string;
  /** On two lines, for table cells. */
  stacked?: boolean;
}

/** A time in the user’s time zone, with the exact UTC time as its title. */
export function DateTime({ value, never = "Never", stacked = false }: DateTimeProps) {
  if (!value) return <span className={classes.never}>{never}</span>;
  const date = new Date(value);
  return (
    <time dateTime={value} title={exact(date)} className={stacked ? classes.stacked : undefined}>
      <span>{formatDay(date)}</span> <span className={classes.time}>{formatTime(date)}</span>
    </time>
  );
}

/** `2026-11-23 09:30:00 UTC` */
export function exact(date: Date): string {
  return `${date.toISOString().replace("T", " ").slice(0, 19)} UTC`;
}

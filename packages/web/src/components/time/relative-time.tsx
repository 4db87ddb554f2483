import { useNow } from "../../lib/use-now";
import { exact } from "./date-time";
import classes from "./date-time.module.css";

const words = new Intl.RelativeTimeFormat("en");
const units = [
  ["year", 31_536_000_000],
  ["month", 2_592_000_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** "3 minutes ago" or "in 23 hours", rounded down. */
export function relativeTime(at: number, now: number): string {
  const [unit, ms] = units.find(([, each]) => Math.abs(at - now) >= each) ?? [];
  if (!unit) return at > now ? "in less than a minute" : "just now";
  return words.format(Math.trunc((at - now) / ms), unit);
}

interface RelativeTimeProps {
  /** RFC 3339. Null if it has not happened. */
  value: string | null | undefined;
  /** Shown if it has not happened. */
  never?: string;
}

/** A relative time, updated every minute, with the exact time on hover and focus. */
export function RelativeTime({ value, never = "Never" }: RelativeTimeProps) {
  const now = useNow();
  if (!value) return <span className={classes.never}>{never}</span>;
  const date = new Date(value);
  // A slow local clock must not show a past time as future.
  const text = relativeTime(Math.min(date.getTime(), now), now);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users need the exact time too
    <time dateTime={value} title={exact(date)} tabIndex={0} className={classes.relative}>
      <span>{text}</span>
      <span>{exact(date)}</span>
    </time>
  );
}

import { IconActivity } from "@tabler/icons-react";
import { relativeTime } from "../../../components/time/relative-time";
import { counted } from "../../../lib/counted";
import { isolated } from "../../../lib/isolated";
import { useNow } from "../../../lib/use-now";
import { isRecent } from "./recent-use";
import type { Use } from "./use-impact";
import classes from "./use-of-token.module.css";

/** When, from where, by which program and how often a token was used. Stands out if that was in the last 24 hours. */
export function UseOfToken({ use }: { use: Use }) {
  const now = useNow();
  return (
    <div className={classes.use} data-recent={isRecent(use.lastAccessAt, now) || undefined}>
      <IconActivity size={18} aria-hidden="true" />
      <div>
        <strong>{whenUsed(use, now)}</strong>
        {use.lastAccessAt && <div className={classes.often}>{howOften(use)}</div>}
      </div>
    </div>
  );
}

function whenUsed({ lastAccessAt, lastAccessIp, lastAccessUserAgent }: Use, now: number): string {
  if (!lastAccessAt) return "Never used";
  const when = relativeTime(Math.min(Date.parse(lastAccessAt), now), now);
  const from = lastAccessIp ? ` from ${lastAccessIp}` : "";
  const by = lastAccessUserAgent ? ` by ${isolated(lastAccessUserAgent)}` : "";
  return `Last used ${when}${from}${by}`;
}

/** Usage is counted by days in UTC, so the last 24 hours are within today and yesterday. */
function howOften({ usage }: Use): string {
  const sum = (days: Use["usage"]) => days.reduce((total, { allowed }) => total + allowed, 0);
  return `${counted(sum(usage.slice(-2)), "request")} since yesterday, ${counted(sum(usage), "request")} in the last 7 days (UTC)`;
}

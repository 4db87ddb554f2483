import { IconActivity } from "@tabler/icons-react";
import { relativeTime } from "../../../components/time/relative-time";
import { counted } from "../../../lib/counted";
import { isolated } from "../../../lib/isolated";
import { useNow } from "../../../lib/use-now";
import { isRecent } from "../impact/recent-use";
import classes from "../impact/use-of-token.module.css";
import type { SelectedToken } from "./use-selected-tokens";

/** How many of several tokens are in use, and which was used last. */
export function UseOfTokens({ tokens }: { tokens: readonly SelectedToken[] }) {
  const now = useNow();
  const within = (days: number) => tokens.filter(({ lastAccessAt }) => isRecent(lastAccessAt, now, days)).length;
  const lastUsed = tokens.reduce<SelectedToken | null>(
    (latest, token) => ((token.lastAccessAt ?? "") > (latest?.lastAccessAt ?? "") ? token : latest),
    null,
  );
  if (!lastUsed?.lastAccessAt) {
    return (
      <div className={classes.use}>
        <IconActivity size={18} aria-hidden="true" />
        <strong>None of them has ever been used</strong>
      </div>
    );
  }
  const ago = relativeTime(Math.min(Date.parse(lastUsed.lastAccessAt), now), now);
  return (
    <div className={classes.use} data-recent={within(1) > 0 || undefined}>
      <IconActivity size={18} aria-hidden="true" />
      <div>
        <strong>{usedWithin(within(1), "24 hours")}</strong>
        <div className={classes.often}>
          {usedWithin(within(7), "7 days")}. Last used: {isolated(lastUsed.name)}, {ago}
        </div>
      </div>
    </div>
  );
}

function usedWithin(count: number, period: string): string {
  if (count === 0) return `None used in the last ${period}`;
  return `${counted(count, "API token")} used in the last ${period}`;
}

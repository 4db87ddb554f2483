import { Badge } from "../../../../components/status-badge";
import { relativeTime } from "../../../../components/time/relative-time";
import { useNow } from "../../../../lib/use-now";

/** The badge appears 30 days before expiry. In milliseconds. */
const announcedFor = 30 * 86_400_000;
const hour = 3_600_000;

interface ExpiryBadgeProps {
  token: { status: string; expiresAt?: string | null };
}

/** "Expires in 12 days", then "Expired". Nothing earlier, without an expiry date or for a deleted token. */
export function ExpiryBadge({ token: { status, expiresAt } }: ExpiryBadgeProps) {
  const now = useNow();
  if (!expiresAt || status === "DELETED") return null;
  const at = Date.parse(expiresAt);
  if (at <= now) return <Badge tone="bad" label="Expired" />;
  if (at - now > announcedFor) return null;
  const soon = at - now < hour;
  return <Badge tone="paused" label={soon ? "Expires soon" : `Expires ${relativeTime(at, now)}`} />;
}

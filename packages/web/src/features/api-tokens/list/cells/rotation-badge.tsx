import { Badge } from "../../../../components/status-badge";
import { relativeTime } from "../../../../components/time/relative-time";
import { useNow } from "../../../../lib/use-now";

/** While a token has two valid values. */
export function RotationBadge({ endsAt }: { endsAt: string | null | undefined }) {
  const now = useNow();
  const at = endsAt ? Date.parse(endsAt) : 0;
  return at > now ? <Badge tone="paused" label={`Rotation ends ${relativeTime(at, now)}`} /> : null;
}

import { Button, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { RelativeTime } from "../../../components/time/relative-time";
import classes from "./first-call.module.css";
import { useFirstRequest } from "./use-first-request";

/** Grey until the first request, then green. */
export function FirstRequestLight({ tokenId }: { tokenId: string }) {
  const panel = useRef<HTMLDivElement>(null);
  const { token, waiting, wasWaiting, failed, tired, goOn } = useFirstRequest(tokenId, panel);
  const cameNow = wasWaiting && Boolean(token?.lastAccessAt);
  return (
    <div
      ref={panel}
      className={classes.light}
      data-on={token?.lastAccessAt ? "" : undefined}
      data-waiting={(waiting && !tired) || undefined}
    >
      {tired && (
        <>
          No requests in 10 minutes.
          <Button variant="subtle" size="compact-sm" onClick={goOn}>
            Keep waiting
          </Button>
        </>
      )}
      {waiting && !tired && (failed ? "Can’t reach Hallpass. Retrying…" : "Waiting for the first request…")}
      {token?.lastAccessAt && (
        <span>
          {cameNow ? (
            <>
              First request received <SecondsAgo at={token.lastAccessAt} />
            </>
          ) : (
            <>
              Last request <RelativeTime value={token.lastAccessAt} />
            </>
          )}
          {token.lastAccessIp && ` from ${token.lastAccessIp}`}
        </span>
      )}
      {token &&
        !waiting &&
        !token.lastAccessAt &&
        "Never used. Requests are denied while the token is disabled or expired."}
      <VisuallyHidden role="status">{cameNow ? "The first request has been received." : ""}</VisuallyHidden>
    </div>
  );
}

/** "2 s ago", counting seconds for the first minute. */
function SecondsAgo({ at }: { at: string }) {
  const [now, setNow] = useState(Date.now);
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  const counts = seconds < 60;
  useEffect(() => {
    if (!counts) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [counts]);
  return counts ? `${seconds} s ago` : <RelativeTime value={at} />;
}

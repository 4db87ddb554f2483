import { useQuery } from "@apollo/client/react";
import { Alert, Button, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { ConfirmDialog } from "../../../components/dialogs/confirm-dialog";
import { DateTime } from "../../../components/time/date-time";
import { RelativeTime, relativeTime } from "../../../components/time/relative-time";
import { isWatched } from "../../../lib/is-watched";
import { isolated } from "../../../lib/isolated";
import { useNow } from "../../../lib/use-now";
import { useRun } from "../actions/use-run";
import { endApiTokenRotation } from "../mutations/api-token-mutations";
import { type Advice, adviceOn } from "./advice";
import classes from "./rotation-notice.module.css";
import { type RotationState, rotationDocument } from "./rotation-state";

/** Polling interval for the use of the two values, in milliseconds. */
const readEvery = 10_000;

interface RotationNoticeProps {
  tokenId: string;
  name: string;
}

/** While two values are valid, shows until when and which is in use, and can revoke the previous one. */
export function RotationNotice({ tokenId, name }: RotationNoticeProps) {
  const now = useNow();
  const { data } = useQuery(rotationDocument, {
    variables: { id: tokenId },
    fetchPolicy: "cache-and-network",
    pollInterval: readEvery,
    skipPollAttempt: () => !isWatched(),
  });
  const token = data?.apiToken;
  const until = token?.previousValueExpiresAt;
  if (!token || !until || Date.parse(until) <= now) return null;
  const advice = adviceOn(token);
  return (
    <Alert
      role="region"
      aria-label="Rotation"
      color={advice.safe ? "pine" : "yellow"}
      variant="outline"
      icon={advice.safe ? <IconCircleCheck aria-hidden="true" /> : <IconAlertTriangle aria-hidden="true" />}
    >
      <Text size="sm" fw={650} c="var(--mantine-color-text)">
        The previous value works until <DateTime value={until} /> ({relativeTime(Date.parse(until), now)})
      </Text>
      <dl className={classes.uses}>
        <dt>New value last used</dt>
        <dd>
          <RelativeTime value={token.currentValueLastAccessAt} never="Not yet" />
        </dd>
        <dt>Previous value last used</dt>
        <dd>
          <RelativeTime value={token.previousValueLastAccessAt} never={token.lastAccessAt ? "Unknown" : "Never"} />
        </dd>
      </dl>
      <Text size="sm" c="var(--mantine-color-text)">
        {advice.text}
      </Text>
      {token.availableActions.includes("ROTATE") && <EndNow token={token} name={name} advice={advice} />}
    </Alert>
  );
}

function EndNow({ token, name, advice }: { token: RotationState; name: string; advice: Advice }) {
  const [asking, setAsking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button ref={button} variant="default" size="xs" mt="sm" onClick={() => setAsking(true)}>
        Revoke now
      </Button>
      {asking && (
        <EndQuestion
          token={token}
          name={name}
          advice={advice}
          onClose={() => setAsking(false)}
          returnFocusTo={button}
        />
      )}
    </>
  );
}

interface EndQuestionProps {
  token: RotationState;
  name: string;
  advice: Advice;
  onClose: () => void;
  returnFocusTo: React.RefObject<HTMLElement | null>;
}

function EndQuestion({ token, name, advice, onClose, returnFocusTo }: EndQuestionProps) {
  const { run, pending, failure } = useRun(endApiTokenRotation, () => {
    notifications.show({
      message: `The previous value of ${isolated(name)} is revoked.`,
      closeButtonProps: { "aria-label": "Close message" },
    });
    onClose();
  });
  return (
    <ConfirmDialog
      title={`Revoke the previous value of ${isolated(name)}?`}
      confirmLabel="Revoke now"
      destructive
      pending={pending}
      error={failure?.message}
      canConfirm={failure?.canRetry ?? true}
      onConfirm={() => void run({ id: token.id })}
      onClose={onClose}
      returnFocusTo={returnFocusTo}
    >
      Every request with the previous value will be denied. The new value stays valid.
      {!advice.safe && (
        <>
          {" "}
          <strong>{advice.text}</strong>
        </>
      )}
    </ConfirmDialog>
  );
}

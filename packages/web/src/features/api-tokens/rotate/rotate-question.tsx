import "@mantine/core/styles/Radio.css";
import { Alert, Button, Group, Radio, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { PendingButton } from "../../../components/pending-button";
import { DateTime } from "../../../components/time/date-time";
import { type RotationState, rotatedAt } from "./rotation-state";
import type { useRotation } from "./use-rotation";

const hour = 3600;

/** How long the previous value can stay valid, in seconds. */
const overlaps = [
  { seconds: 0, label: "Now" },
  { seconds: hour, label: "In 1 hour" },
  { seconds: 24 * hour, label: "In 24 hours" },
  { seconds: 72 * hour, label: "In 3 days" },
  { seconds: 168 * hour, label: "In 7 days" },
];

interface RotateQuestionProps {
  before: RotationState;
  rotation: ReturnType<typeof useRotation>;
  onClose: () => void;
}

export function RotateQuestion({ before, rotation, onClose }: RotateQuestionProps) {
  const { phase, pending, failure } = rotation;
  const [seconds, setSeconds] = useState(24 * hour);
  return (
    <Stack gap="md">
      <Text size="sm">
        The API token gets a new value and nothing else changes. You can keep the previous value valid for a while, so
        that programs can switch without an outage.
      </Text>
      {before.previousValueExpiresAt && <StillWorking before={before} />}
      <Radio.Group
        label="Expire the previous value"
        value={String(seconds)}
        onChange={(value) => setSeconds(Number(value))}
        readOnly={phase.kind !== "ask"}
        description={seconds === 0 ? "Programs still using the previous value will be denied immediately." : undefined}
        inputWrapperOrder={["label", "input", "description"]}
      >
        <Group gap="lg" my="xs">
          {overlaps.map((each) => (
            <Radio
              key={each.seconds}
              value={String(each.seconds)}
              label={each.label}
              {...(each.seconds === seconds && { "data-autofocus": true })}
            />
          ))}
        </Group>
      </Radio.Group>
      {before.status === "DISABLED" && (
        <Text size="sm">The API token is disabled. Neither value works until you enable it again.</Text>
      )}
      {failure && (
        <Alert color="red" variant="light" role="alert" title="Couldn’t complete this action">
          {failure}
        </Alert>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose} aria-disabled={pending || undefined}>
          {phase.kind === "ask" ? "Cancel" : "Close"}
        </Button>
        {phase.kind === "ask" && (
          <PendingButton pending={pending} onClick={() => rotation.rotate(seconds)}>
            {failure ? "Try again" : "Rotate"}
          </PendingButton>
        )}
        {phase.kind === "unknown" && (
          <PendingButton pending={pending} onClick={rotation.check}>
            Check
          </PendingButton>
        )}
      </Group>
    </Stack>
  );
}

/** At most two values are valid, so another rotation revokes the earlier one. */
function StillWorking({ before }: { before: RotationState }) {
  return (
    <Alert color="yellow" variant="outline" icon={<IconAlertTriangle aria-hidden="true" />}>
      <Text size="sm">
        This token was rotated on <DateTime value={rotatedAt(before)} />, and its earlier value stays valid until{" "}
        <DateTime value={before.previousValueExpiresAt} />. <strong>Rotating again revokes it immediately.</strong>
      </Text>
    </Alert>
  );
}

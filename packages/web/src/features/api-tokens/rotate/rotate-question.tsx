import "@mantine/core/styles/Radio.css";
import { Alert, Button, Group, Radio, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { DateTime } from "../../../components/date-time";
import { PendingButton } from "../../../components/pending-button";
import { type RotationState, rotatedAt } from "./rotation-state";
import type { useRotation } from "./use-rotation";

const hour = 3600;

/** In seconds: how long the previous value can go on working. */
const overlaps = [
  { seconds: 0, label: "End now" },
  { seconds: hour, label: "1 hour" },
  { seconds: 24 * hour, label: "24 hours" },
  { seconds: 72 * hour, label: "3 days" },
  { seconds: 168 * hour, label: "7 days" },
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
        The API token gets a new value; its modules and everything else stay. The previous value can go on working for a
        while, so that programs can change over without an outage.
      </Text>
      {before.previousValueExpiresAt && <StillWorking before={before} />}
      <Radio.Group
        label="The previous value goes on working for"
        value={String(seconds)}
        onChange={(value) => setSeconds(Number(value))}
        readOnly={phase.kind !== "ask"}
        description={seconds === 0 ? "Every program that has the previous value is refused at once." : undefined}
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
        <Text size="sm">The API token is disabled: neither value is let in until it is enabled again.</Text>
      )}
      {failure && (
        <Alert color="red" variant="light" role="alert" title="That did not work">
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

/** Two values work at most, so a second rotation cuts the first one short. */
function StillWorking({ before }: { before: RotationState }) {
  return (
    <Alert color="yellow" variant="outline" icon={<IconAlertTriangle aria-hidden="true" />}>
      <Text size="sm">
        It was rotated on <DateTime value={rotatedAt(before)} />, and the value from before that works until{" "}
        <DateTime value={before.previousValueExpiresAt} />. <strong>Rotating again ends that one at once.</strong>
      </Text>
    </Alert>
  );
}

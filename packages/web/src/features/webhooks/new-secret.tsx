import { Button, Group, Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { CopyButton } from "../../components/copy-button";
import classes from "./webhooks.module.css";

/** The secret, which can’t be shown again. */
export function NewSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const done = useRef<HTMLButtonElement>(null);
  // The dialog may have been open before.
  useEffect(() => done.current?.focus(), []);
  return (
    <Stack gap="md">
      <Text size="sm">
        Verify the signature of each message with this secret. It isn’t shown again: copy it now, and store it where
        your receiver can read it.
      </Text>
      <div className={classes.secret}>
        <code>{secret}</code>
        <CopyButton label="Copy secret" value={secret} />
      </div>
      <Group justify="flex-end">
        <Button ref={done} onClick={onClose} data-autofocus>
          Done
        </Button>
      </Group>
    </Stack>
  );
}

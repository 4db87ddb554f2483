import { Button, Group, Stack, Text } from "@mantine/core";
import { CopyButton } from "../../components/copy-button";
import classes from "./webhooks.module.css";

/** The secret, which can’t be shown again. */
export function NewSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
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
        <Button onClick={onClose} data-autofocus>
          Done
        </Button>
      </Group>
    </Stack>
  );
}

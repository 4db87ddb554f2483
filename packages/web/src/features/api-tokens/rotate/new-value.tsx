import { useApolloClient } from "@apollo/client/react";
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { DateTime } from "../../../components/time/date-time";
import type { RevealPurpose } from "../../../gql/graphql";
import { usePolicy, whenToCopy } from "../../policy/policy";
import { revealApiToken } from "../mutations/api-token-mutations";
import { SecretValue } from "../value/secret-value";

interface NewValueProps {
  tokenId: string;
  masked: string;
  /** Null if the response was lost. The value is then fetched on request. */
  value: string | null;
  previousValueExpiresAt: string | null;
  onClose: () => void;
}

/** The new value, which can be shown and copied as after creation. */
export function NewValue({ tokenId, masked, value, previousValueExpiresAt, onClose }: NewValueProps) {
  const client = useApolloClient();
  const policy = usePolicy();
  const reveal = (purpose: RevealPurpose) => revealApiToken(client, tokenId, purpose);
  return (
    <Stack gap="md">
      <Alert
        ref={(element: HTMLElement | null) => element?.focus()}
        tabIndex={-1}
        color="pine"
        variant="light"
        icon={<IconCircleCheck aria-hidden="true" />}
        role="status"
      >
        <Text size="sm" c="var(--mantine-color-text)">
          {previousValueExpiresAt ? (
            <>
              Both values work until <DateTime value={previousValueExpiresAt} />, then only the new one.
            </>
          ) : (
            "Only the new value works. The previous one is no longer valid."
          )}
        </Text>
      </Alert>
      <div>
        <Text component="h3" size="sm" fw={650} m={0}>
          New API token value
        </Text>
        <SecretValue masked={masked} fetchValue={value === null ? reveal : () => Promise.resolve(value)} />
        <Text size="sm" c="dimmed" mt={4}>
          Share it only over a secure channel. {whenToCopy(policy)} The token’s page shows which of the two values is in
          use.
        </Text>
      </div>
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}

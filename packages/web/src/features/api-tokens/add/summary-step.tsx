import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { isolated } from "../../../lib/isolated";
import { usePolicy, whenToCopy } from "../../policy/policy";
import { FirstCall } from "../first-call/first-call";
import { SecretValue } from "../value/secret-value";
import classes from "./summary-step.module.css";
import type { CreatedToken } from "./use-add-api-token";

/** Shows the added token’s value and its first call. */
export function SummaryStep({ token }: { token: CreatedToken }) {
  return (
    <Stack gap="lg">
      {token.earlier ? <AddedEarlier token={token} /> : <Added token={token} />}
      {token.value ? <NewValue token={token} value={token.value} /> : <ValueSaidBefore />}
    </Stack>
  );
}

function Added({ token }: { token: CreatedToken }) {
  return (
    <Alert color="pine" variant="light" icon={<IconCircleCheck aria-hidden="true" />} role="status">
      <Text size="sm" c="var(--mantine-color-text)">
        <strong>{isolated(token.name)}</strong> ({token.id}) has been added and is active.
      </Text>
    </Alert>
  );
}

function AddedEarlier({ token }: { token: CreatedToken }) {
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden="true" />} role="status">
      <Text size="sm" c="var(--mantine-color-text)">
        Your first attempt added <strong>{isolated(token.name)}</strong> ({token.id}), but the response was lost. The
        token doesn’t include changes you made later. No second API token was added.
      </Text>
    </Alert>
  );
}

function NewValue({ token, value }: { token: CreatedToken; value: string }) {
  const policy = usePolicy();
  return (
    <>
      <div>
        <h4 className={classes.title}>API token</h4>
        <SecretValue masked={token.maskedValue} fetchValue={() => Promise.resolve(value)} />
        <Text size="sm" c="dimmed" mt={4}>
          Share it only over a secure channel. {whenToCopy(policy)}
        </Text>
      </div>
      <FirstCall
        tokenId={token.id}
        endpoint={token.endpoint}
        masked={token.maskedValue}
        fetchValue={() => Promise.resolve(value)}
        heading={<h4 className={classes.title}>First call</h4>}
      />
    </>
  );
}

/** The response with the value was lost, and repeating the request did not return it. */
function ValueSaidBefore() {
  return <Text size="sm">Copy its value from the General tab of its page.</Text>;
}

interface SummaryFooterProps {
  token: CreatedToken;
  onClose: () => void;
  onEdit: () => void;
}

export function SummaryFooter({ token, onClose, onEdit }: SummaryFooterProps) {
  return (
    <>
      <Button type="button" variant="subtle" onClick={onClose} mr="auto">
        Close
      </Button>
      {token.earlier && (
        <Button type="button" variant="default" onClick={onEdit}>
          Edit token
        </Button>
      )}
      <Button
        renderRoot={(props) => (
          <Link {...props} to="/settings/api-tokens/$tokenId/{-$tab}" params={{ tokenId: token.id }} />
        )}
      >
        View details
      </Button>
    </>
  );
}

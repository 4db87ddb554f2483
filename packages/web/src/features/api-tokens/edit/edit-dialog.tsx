import { useQuery } from "@apollo/client/react";
import { Alert, Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { type ReactNode, type RefObject, useState } from "react";
import { errorMessage } from "../../../lib/error-message";
import { useFocusBack } from "../../../lib/use-focus-back";
import { EditSteps } from "./edit-steps";
import { type EditableToken, editableApiToken } from "./editable-token";

interface EditApiTokenDialogProps {
  tokenId: string;
  opened: boolean;
  onClose: () => void;
  returnFocusTo?: RefObject<HTMLElement | null>;
}

/** Edits a token with the first two steps of the Add dialog. */
export function EditApiTokenDialog({ opened, ...props }: EditApiTokenDialogProps) {
  return opened ? <EditLoader {...props} /> : null;
}

/** Loads the token once and keeps it, so that it doesn’t change while being edited. */
function EditLoader({ tokenId, onClose, returnFocusTo }: Omit<EditApiTokenDialogProps, "opened">) {
  // Here rather than in the steps: by the time they mount, focus is in the skeleton’s dialog.
  useFocusBack(returnFocusTo);
  const { data, error, loading, refetch } = useQuery(editableApiToken, {
    variables: { id: tokenId },
    fetchPolicy: "network-only",
    notifyOnNetworkStatusChange: true,
  });
  const [token, setToken] = useState<EditableToken | null>(null);
  const read = data?.apiToken;
  if (!token && !loading && read?.availableActions.includes("EDIT")) setToken(read as EditableToken);

  if (token) return <EditSteps token={token} onClose={onClose} />;
  if (loading) return <Notice onClose={onClose}>{<FormSkeleton />}</Notice>;
  if (error) {
    return (
      <Notice onClose={onClose} onRetry={() => void refetch().catch(() => undefined)}>
        <Alert color="red" role="alert" title="Couldn’t load the API token">
          {errorMessage(error)}
        </Alert>
      </Notice>
    );
  }
  return (
    <Notice onClose={onClose}>
      <Text size="sm" role="alert">
        {read
          ? "This API token can no longer be edited."
          : "This API token no longer exists. Someone may have deleted it."}
      </Text>
    </Notice>
  );
}

interface NoticeProps {
  children: ReactNode;
  onClose: () => void;
  onRetry?: () => void;
}

function Notice({ children, onClose, onRetry }: NoticeProps) {
  return (
    <Modal opened onClose={onClose} title="Edit API token" centered size={480}>
      {children}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {onRetry && <Button onClick={onRetry}>Try again</Button>}
      </Group>
    </Modal>
  );
}

function FormSkeleton() {
  return (
    <Stack role="status" aria-label="Loading the API token">
      <Skeleton h={36} />
      <Skeleton h={96} />
      <Skeleton h={36} />
    </Stack>
  );
}

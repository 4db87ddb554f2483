import { Alert, Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { errorMessage } from "../../../lib/error-message";

interface TokenLoadingProps {
  title: string;
  loading: boolean;
  error: unknown;
  onRetry: () => void;
  onClose: () => void;
  /** Why there is nothing to show, if the token was loaded and can’t be used. */
  children: ReactNode;
}

/** Replaces a form whose token is loading or couldn’t be loaded. */
export function TokenLoading({ title, loading, error, onRetry, onClose, children }: TokenLoadingProps) {
  return (
    <Modal opened onClose={onClose} title={title} centered size={480}>
      {loading && <FormSkeleton />}
      {!loading && error !== undefined && (
        <Alert color="red" role="alert" title="Couldn’t load the API token">
          {errorMessage(error)}
        </Alert>
      )}
      {!loading && error === undefined && (
        <Text size="sm" role="alert">
          {children}
        </Text>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {!loading && error !== undefined && <Button onClick={onRetry}>Try again</Button>}
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

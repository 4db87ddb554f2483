import { Button } from "@mantine/core";
import { errorMessage } from "../lib/error-message";
import { PageMessage } from "./page-message";

interface ErrorStateProps {
  title: string;
  error: unknown;
  onRetry: () => void;
}

/** What happened, and a way to continue. */
export function ErrorState({ title, error, onRetry }: ErrorStateProps) {
  return (
    <PageMessage
      role="alert"
      title={title}
      actions={
        <Button variant="default" mt="xs" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {errorMessage(error)}
    </PageMessage>
  );
}

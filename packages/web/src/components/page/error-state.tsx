import { Button } from "@mantine/core";
import { errorMessage } from "../../lib/error-message";
import { PageMessage } from "./page-message";

interface ErrorStateProps {
  title: string;
  error: unknown;
  onRetry: () => void;
}

/** Shows an error with a way to retry. */
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

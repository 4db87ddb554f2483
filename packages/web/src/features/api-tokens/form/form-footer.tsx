import { Alert, Button } from "@mantine/core";
import type { ReactNode } from "react";
import { PendingButton } from "../../../components/pending-button";

interface FormFooterProps {
  failure: ReactNode;
  pending: boolean;
  submitLabel: string;
  onClose: () => void;
  /** Null on the first step. */
  onBack: (() => void) | null;
  children?: ReactNode;
}

export function FormFooter({ failure, pending, submitLabel, onClose, onBack, children }: FormFooterProps) {
  return (
    <>
      {failure && (
        <Alert color="red" role="alert" tabIndex={-1} data-failure w="100%" p="sm">
          {failure}
        </Alert>
      )}
      <Button variant="subtle" onClick={onClose} mr="auto">
        Close
      </Button>
      {onBack && (
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
      )}
      {children}
      <PendingButton type="submit" pending={pending}>
        {submitLabel}
      </PendingButton>
    </>
  );
}

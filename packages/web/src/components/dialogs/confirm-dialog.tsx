import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode, RefObject } from "react";
import { useFocusBack } from "../../lib/use-focus-back";
import { PendingButton } from "../pending-button";

interface ConfirmDialogProps {
  title: string;
  /** The consequences of confirming. */
  children: ReactNode;
  confirmLabel: string;
  cancelLabel?: string;
  /** Red, for irreversible actions. */
  destructive?: boolean;
  pending?: boolean;
  /** Data the question depends on is still loading, so it can’t be confirmed yet. */
  loading?: boolean;
  error?: string | null | undefined;
  /** False if retrying can’t succeed. The dialog can then only be closed. */
  canConfirm?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  /** Where focus returns, if not to the previously focused element. */
  returnFocusTo?: RefObject<HTMLElement | null>;
}

const titleStyle = { title: { fontWeight: 650, overflow: "clip", overflowWrap: "anywhere" } } as const;

/** Asks for confirmation as soon as it is mounted. Focus starts on the harmless answer. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, pending = false, loading = false, error, canConfirm = true, onClose } = props;
  useFocusBack(props.returnFocusTo);
  const close = () => {
    if (!pending) onClose();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={title}
      centered
      size={440}
      returnFocus={false}
      zIndex={300}
      styles={titleStyle}
    >
      <Stack gap="md">
        <Text component="div" size="sm">
          {children}
        </Text>
        {error && (
          <Alert color="red" variant="light" role="alert" title="Couldn’t complete this action">
            {error}
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" data-autofocus onClick={close} aria-disabled={pending || undefined}>
            {canConfirm ? (props.cancelLabel ?? "Cancel") : "Close"}
          </Button>
          {canConfirm && (
            <PendingButton
              pending={pending || loading}
              onClick={props.onConfirm}
              {...(props.destructive && { color: "red" })}
            >
              {error ? "Try again" : props.confirmLabel}
            </PendingButton>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

import { useApolloClient } from "@apollo/client/react";
import { notifications } from "@mantine/notifications";
import type { RefObject } from "react";
import { ConfirmDialog } from "../../../components/confirm-dialog";
import type { ApiTokenChange } from "./api-token-change";
import { type AskedAction, questions } from "./questions";
import { useDeleteApiToken } from "./use-delete-api-token";
import { useDisableApiToken } from "./use-disable-api-token";
import { useEnableApiToken } from "./use-enable-api-token";
import { useRun } from "./use-run";

interface ActionDialogProps {
  action: AskedAction;
  token: { id: string; name: string };
  onClose: () => void;
  onDone?: ((action: AskedAction) => void) | undefined;
  returnFocusTo?: RefObject<HTMLElement | null>;
}

/** Asks, does it, and says that it worked, or what happened instead. */
export function ActionDialog({ action, token, onClose, onDone, returnFocusTo }: ActionDialogProps) {
  const question = questions[action];
  const client = useApolloClient();
  const changes = useChanges();
  const { run, pending, failure } = useRun(changes[action], () => {
    notifications.show({ message: question.done(token.name), closeButtonProps: { "aria-label": "Close message" } });
    onClose();
    onDone?.(action);
  });
  const close = () => {
    onClose();
    // Someone else was quicker, so the page is out of date. Not before: the row may go, and this message with it.
    if (failure && !failure.canRetry) void client.refetchQueries({ include: "active" }).catch(() => undefined);
  };
  return (
    <ConfirmDialog
      title={question.title(token.name)}
      confirmLabel={question.verb}
      destructive={question.destructive}
      pending={pending}
      error={failure?.message}
      canConfirm={failure?.canRetry ?? true}
      onConfirm={() => void run(token.id)}
      onClose={close}
      {...(returnFocusTo && { returnFocusTo })}
    >
      {question.consequence}
    </ConfirmDialog>
  );
}

function useChanges(): Record<AskedAction, ApiTokenChange> {
  return { ENABLE: useEnableApiToken(), DISABLE: useDisableApiToken(), DELETE: useDeleteApiToken() };
}

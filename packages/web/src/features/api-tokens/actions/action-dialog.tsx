import { useApolloClient } from "@apollo/client/react";
import { notifications } from "@mantine/notifications";
import { type RefObject, useState } from "react";
import { ConfirmDialog } from "../../../components/dialogs/confirm-dialog";
import { type ApiTokenChange, deleteApiToken, disableApiToken, enableApiToken } from "../mutations/api-token-mutations";
import { DescendantsChoice } from "./descendants-choice";
import { type AskedAction, questions } from "./questions";
import { useActiveDescendants } from "./use-active-descendants";
import { useRun } from "./use-run";

interface ActionDialogProps {
  action: AskedAction;
  token: { id: string; name: string };
  onClose: () => void;
  onDone?: ((action: AskedAction) => void) | undefined;
  returnFocusTo?: RefObject<HTMLElement | null>;
}

/** Asks for confirmation, performs the action, and shows the result. */
export function ActionDialog({ action, token, onClose, onDone, returnFocusTo }: ActionDialogProps) {
  const question = questions[action];
  const client = useApolloClient();
  const descendants = useActiveDescendants(token.id, question.asksAboutDescendants);
  const [includeDescendants, setIncludeDescendants] = useState(false);
  const { run, pending, failure, forgetFailure } = useRun(changes[action], ({ disabledDescendants }) => {
    const message = [question.done(token.name), alsoDisabled(disabledDescendants?.length ?? 0)].join(" ").trimEnd();
    notifications.show({ message, closeButtonProps: { "aria-label": "Close message" } });
    onClose();
    onDone?.(action);
  });
  const close = () => {
    onClose();
    // Someone else made a change, so reload the page. Only now: reloading may remove the row and this dialog with it.
    if (failure && !failure.canRetry) void client.refetchQueries({ include: "active" }).catch(() => undefined);
  };
  return (
    <ConfirmDialog
      title={question.title(token.name)}
      confirmLabel={question.verb}
      destructive={question.destructive}
      pending={pending}
      loading={descendants.loading}
      error={failure?.message}
      canConfirm={failure?.canRetry ?? true}
      onConfirm={() => void run({ id: token.id, ...(includeDescendants && { includeDescendants }) })}
      onClose={close}
      {...(returnFocusTo && { returnFocusTo })}
    >
      {question.consequence}
      {descendants.mayExist && (
        <DescendantsChoice
          count={descendants.count}
          checked={includeDescendants}
          disabled={pending}
          onChange={(checked) => {
            setIncludeDescendants(checked);
            forgetFailure();
          }}
        />
      )}
    </ConfirmDialog>
  );
}

function alsoDisabled(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "1 token it created is disabled too." : `${count} tokens it created are disabled too.`;
}

const changes: Record<AskedAction, ApiTokenChange> = {
  ENABLE: enableApiToken,
  DISABLE: disableApiToken,
  DELETE: deleteApiToken,
};

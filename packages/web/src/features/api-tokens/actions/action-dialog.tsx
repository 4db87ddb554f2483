import { useApolloClient } from "@apollo/client/react";
import { notifications } from "@mantine/notifications";
import { type RefObject, useState } from "react";
import { ConfirmDialog } from "../../../components/dialogs/confirm-dialog";
import { useNow } from "../../../lib/use-now";
import { useViewer } from "../../session/viewer";
import { isRecent } from "../impact/recent-use";
import { TypeToConfirm, useTypedConfirmation } from "../impact/type-to-confirm";
import { useImpact } from "../impact/use-impact";
import { UseOfToken } from "../impact/use-of-token";
import { type ApiTokenChange, deleteApiToken, disableApiToken, enableApiToken } from "../mutations/api-token-mutations";
import { DescendantsChoice } from "./descendants-choice";
import { type AskedAction, questions } from "./questions";
import { showUndo } from "./undo";
import { useRun } from "./use-run";

interface ActionDialogProps {
  action: AskedAction;
  token: { id: string; name: string };
  onClose: () => void;
  onDone?: ((action: AskedAction) => void) | undefined;
  returnFocusTo?: RefObject<HTMLElement | null>;
}

/** Shows what an action would affect, asks for confirmation, performs it, and offers to undo it. */
export function ActionDialog({ action, token, onClose, onDone, returnFocusTo }: ActionDialogProps) {
  const question = questions[action];
  const client = useApolloClient();
  const { account } = useViewer();
  const now = useNow();
  const impact = useImpact(token.id);
  const isInUse = isRecent(impact.use?.lastAccessAt, now);
  const isUnknown = !impact.loading && impact.use === null;
  const typed = useTypedConfirmation(token.name, action === "DELETE" && (isInUse || isUnknown));
  const [includeDescendants, setIncludeDescendants] = useState(false);
  const { run, pending, failure, forgetFailure } = useRun(changes[action], ({ disabledDescendants }) => {
    const descendants = disabledDescendants ?? [];
    const message = [question.done(token.name), alsoDisabled(descendants.length)].join(" ").trimEnd();
    if (action === "DELETE") notifications.show({ message, closeButtonProps: { "aria-label": "Close message" } });
    else
      showUndo(client, { action, ids: [token.id, ...descendants.map(({ id }) => id)], accountId: account.id }, message);
    onClose();
    onDone?.(action);
  });
  const close = () => {
    onClose();
    // Someone else made a change, so reload the page. Only now: reloading may remove the row and this dialog with it.
    if (failure && !failure.canRetry) void client.refetchQueries({ include: "active" }).catch(() => undefined);
  };
  const mayHaveDescendants = question.asksAboutDescendants && !impact.loading && impact.descendants !== 0;
  return (
    <ConfirmDialog
      title={question.title(token.name)}
      confirmLabel={question.verb}
      destructive={question.destructive}
      pending={pending}
      loading={impact.loading}
      error={failure?.message}
      canConfirm={failure?.canRetry ?? true}
      onConfirm={() => {
        if (typed.check()) void run({ id: token.id, ...(includeDescendants && { includeDescendants }) });
      }}
      onClose={close}
      {...(returnFocusTo && { returnFocusTo })}
    >
      {question.consequence}
      {impact.use && <UseOfToken use={impact.use} />}
      {mayHaveDescendants && (
        <DescendantsChoice
          count={impact.descendants}
          checked={includeDescendants}
          disabled={pending}
          onChange={(checked) => {
            setIncludeDescendants(checked);
            forgetFailure();
          }}
        />
      )}
      {typed.field && (
        <TypeToConfirm
          field={typed.field}
          label={
            isUnknown
              ? "Its use couldn’t be loaded. To delete it anyway, type its name"
              : "This token is in use. To delete it, type its name"
          }
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

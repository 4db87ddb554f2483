import { useQuery } from "@apollo/client/react";
import { type RefObject, useState } from "react";
import { useFocusBack } from "../../../lib/use-focus-back";
import { TokenLoading } from "../form/token-loading";
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
  return (
    <TokenLoading
      title="Edit API token"
      loading={loading}
      error={error}
      onRetry={() => void refetch().catch(() => undefined)}
      onClose={onClose}
    >
      {read
        ? "This API token can no longer be edited."
        : "This API token no longer exists. Someone may have deleted it."}
    </TokenLoading>
  );
}

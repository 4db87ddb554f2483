import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import type { SearchParams } from "../../../lib/search-params";
import { EditApiTokenDialog } from "../edit/edit-dialog";
import { type EditableToken, editableApiToken } from "../edit/editable-token";
import { emptyDraft, type TokenDraft } from "../form/token-draft";
import { TokenLoading } from "../form/token-loading";
import { AddSteps } from "./add-steps";
import { draftFromLink, draftFromToken } from "./prefill";

interface AddApiTokenDialogProps {
  /** The URL’s parameters, which may fill in the form. */
  params: SearchParams;
  onClose: () => void;
}

/** Adds a token in steps. Closing discards all its state, including the new value. */
export function AddApiTokenDialog({ params, onClose }: AddApiTokenDialogProps) {
  const [edited, setEdited] = useState<string | null>(null);
  const [{ copy, draft }] = useState(() => ({ copy: params.copy, draft: draftFromLink(params) }));
  if (edited) return <EditApiTokenDialog opened tokenId={edited} onClose={onClose} />;
  if (copy) return <CopyLoader tokenId={copy} onClose={onClose} onEdit={setEdited} />;
  return (
    <AddSteps initial={draft ?? emptyDraft} filledBy={draft ? "link" : null} onClose={onClose} onEdit={setEdited} />
  );
}

interface CopyLoaderProps {
  tokenId: string;
  onClose: () => void;
  onEdit: (tokenId: string) => void;
}

/** Loads the token to start from once. */
function CopyLoader({ tokenId, onClose, onEdit }: CopyLoaderProps) {
  const { data, error, loading, refetch } = useQuery(editableApiToken, {
    variables: { id: tokenId },
    fetchPolicy: "network-only",
    notifyOnNetworkStatusChange: true,
  });
  const [draft, setDraft] = useState<TokenDraft | null>(null);
  const read = data?.apiToken;
  if (!draft && !loading && read) setDraft(draftFromToken(read as EditableToken));
  if (draft) return <AddSteps initial={draft} filledBy="copy" onClose={onClose} onEdit={onEdit} />;
  return (
    <TokenLoading
      title="Add API token"
      loading={loading}
      error={error}
      onRetry={() => void refetch().catch(() => undefined)}
      onClose={onClose}
    >
      This API token no longer exists. Someone may have deleted it.
    </TokenLoading>
  );
}

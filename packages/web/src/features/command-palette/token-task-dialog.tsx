import { useLocation, useNavigate } from "@tanstack/react-router";
import { ActionDialog } from "../api-tokens/actions/action-dialog";
import { EditApiTokenDialog } from "../api-tokens/edit/edit-dialog";
import { RotateDialog } from "../api-tokens/rotate/rotate-dialog";
import type { TokenTask } from "./use-token-commands";

/** The dialog of an action that was chosen in the palette. */
export function TokenTaskDialog({ token, action, onClose }: TokenTask & { onClose: () => void }) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  if (action === "EDIT") return <EditApiTokenDialog opened tokenId={token.id} onClose={onClose} />;
  if (action === "ROTATE") return <RotateDialog tokenId={token.id} name={token.name} onClose={onClose} />;
  return (
    <ActionDialog
      action={action}
      token={token}
      onClose={onClose}
      onDone={() => {
        // Its own page has nothing left to show.
        if (action === "DELETE" && pathname.includes(token.id)) void navigate({ to: "/settings/api-tokens" });
      }}
    />
  );
}

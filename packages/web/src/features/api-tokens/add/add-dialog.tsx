import { useState } from "react";
import { EditApiTokenDialog } from "../edit/edit-dialog";
import { AddSteps } from "./add-steps";

interface AddApiTokenDialogProps {
  opened: boolean;
  onClose: () => void;
}

/** Adds a token in steps. Closing discards all its state, including the new value. */
export function AddApiTokenDialog({ opened, onClose }: AddApiTokenDialogProps) {
  const [edited, setEdited] = useState<string | null>(null);
  if (edited) return <EditApiTokenDialog opened tokenId={edited} onClose={onClose} />;
  return opened ? <AddSteps onClose={onClose} onEdit={setEdited} /> : null;
}

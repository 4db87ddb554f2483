import { useState } from "react";
import { EditApiTokenDialog } from "../edit/edit-dialog";
import { AddSteps } from "./add-steps";

interface AddApiTokenDialogProps {
  opened: boolean;
  onClose: () => void;
}

/** Adds a token in steps. Closing it takes everything that it knew with it, the new value too. */
export function AddApiTokenDialog({ opened, onClose }: AddApiTokenDialogProps) {
  const [edited, setEdited] = useState<string | null>(null);
  if (edited) return <EditApiTokenDialog opened tokenId={edited} onClose={onClose} />;
  return opened ? <AddSteps onClose={onClose} onEdit={setEdited} /> : null;
}

import { AddSteps } from "./add-steps";

interface AddApiTokenDialogProps {
  opened: boolean;
  onClose: () => void;
}

/** Adds a token in steps. Closing it takes everything that it knew with it, the new value too. */
export function AddApiTokenDialog({ opened, onClose }: AddApiTokenDialogProps) {
  return opened ? <AddSteps onClose={onClose} /> : null;
}

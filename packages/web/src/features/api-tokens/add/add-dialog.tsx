export function AddApiTokenDialog(_: { opened: boolean; onClose: () => void }) {
  return null;
}

import { useNavigate } from "@tanstack/react-router";
import { AddApiTokenDialog } from "../add/add-dialog";

/** The Add dialog over the list, at its own address. */
export function AddRoute() {
  const navigate = useNavigate();
  const close = () => navigate({ to: "/settings/api-tokens", search: true });
  return <AddApiTokenDialog opened onClose={close} />;
}

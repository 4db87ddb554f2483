import { Navigate, useNavigate } from "@tanstack/react-router";
import { useCan } from "../../session/viewer";
import { AddApiTokenDialog } from "../add/add-dialog";

/** The Add dialog above the list, with its own URL. */
export function AddRoute() {
  const navigate = useNavigate();
  const mayAdd = useCan("apiToken:write");
  const close = () => navigate({ to: "/settings/api-tokens", search: true });
  // Don’t show the form to users whose input the server would reject.
  if (!mayAdd) return <Navigate to="/settings/api-tokens" search={true} replace />;
  return <AddApiTokenDialog opened onClose={close} />;
}

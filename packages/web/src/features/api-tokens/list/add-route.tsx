import { Navigate, useNavigate } from "@tanstack/react-router";
import { useCan } from "../../session/viewer";
import { AddApiTokenDialog } from "../add/add-dialog";

/** The Add dialog over the list, at its own URL. */
export function AddRoute() {
  const navigate = useNavigate();
  const mayAdd = useCan("apiToken:write");
  const close = () => navigate({ to: "/settings/api-tokens", search: true });
  // Who may not add and knows the URL is not led through a form that the server then refuses.
  if (!mayAdd) return <Navigate to="/settings/api-tokens" search={true} replace />;
  return <AddApiTokenDialog opened onClose={close} />;
}

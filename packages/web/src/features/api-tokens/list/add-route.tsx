import { Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import type { SearchParams } from "../../../lib/search-params";
import { useCan } from "../../session/viewer";
import { AddApiTokenDialog } from "../add/add-dialog";
import { withoutPrefill } from "../add/prefill";

/** The Add dialog above the list, with its own URL. */
export function AddRoute() {
  const navigate = useNavigate();
  const mayAdd = useCan("apiToken:write");
  const params: SearchParams = useSearch({ strict: false });
  const search = withoutPrefill(params) as never;
  const close = () => navigate({ to: "/settings/api-tokens", search });
  // Don’t show the form to users whose input the server would reject.
  if (!mayAdd) return <Navigate to="/settings/api-tokens" search={search} replace />;
  return <AddApiTokenDialog key={params.copy} params={params} onClose={close} />;
}

import { useParams } from "@tanstack/react-router";
import type { DetailsTab } from "../../../routes";
import { ApiTokenDetailsPage } from "../details/details-page";

export function DetailsRoute() {
  const { tokenId = "", tab = "general" } = useParams({ strict: false });
  return <ApiTokenDetailsPage key={tokenId} tokenId={tokenId} tab={tab as DetailsTab} />;
}

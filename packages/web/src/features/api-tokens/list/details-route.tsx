import { useParams } from "@tanstack/react-router";
import { ApiTokenDetailsPage } from "../details/details-page";
import type { DetailsTab } from "../details/details-tab";

export function DetailsRoute() {
  const { tokenId = "", tab = "general" } = useParams({ strict: false });
  return <ApiTokenDetailsPage key={tokenId} tokenId={tokenId} tab={tab as DetailsTab} />;
}

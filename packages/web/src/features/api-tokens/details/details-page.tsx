import type { DetailsTab } from "../../../routes";

export function ApiTokenDetailsPage({ tokenId }: { tokenId: string; tab: DetailsTab }) {
  return <h1>{tokenId}</h1>;
}

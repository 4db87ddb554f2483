import { VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { PageMessage } from "../../../components/page/page-message";

/** The same page for tokens of other accounts, deleted tokens and unknown IDs. */
export function TokenNotFound({ tokenId }: { tokenId: string }) {
  return (
    <PageMessage title="API token not found">
      <title>API token not found · Hallpass</title>
      <VisuallyHidden component="h1">API token</VisuallyHidden>
      There is no API token {tokenId} in this account. It may have been deleted, or it belongs to another account.{" "}
      <Link to="/settings/api-tokens">Go to API tokens</Link>
    </PageMessage>
  );
}

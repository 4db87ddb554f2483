import { VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { PageMessage } from "../../../components/page-message";

/** Another account's token, a deleted one and one that never was look the same. */
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

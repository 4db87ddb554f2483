import "@mantine/core/styles/Paper.css";
import { useQuery } from "@apollo/client/react";
import { Skeleton, VisuallyHidden } from "@mantine/core";
import { Suspense } from "react";
import { ErrorState } from "../../../components/page/error-state";
import { graphql } from "../../../gql/gql";
import { isWatched } from "../../../lib/is-watched";
import { lazyPart, useLazyParts } from "../../../lib/lazy-part";
import { DatesTab } from "./dates-tab";
import { BackToList, DetailsHeader } from "./details-header";
import classes from "./details-page.module.css";
import { DetailsSkeleton } from "./details-skeleton";
import type { DetailsTab } from "./details-tab";
import { DetailsTabs, panelId, tabId } from "./details-tabs";
import { GeneralTab } from "./general-tab";
import { ModulesTab } from "./modules-tab";
import { SummaryCard } from "./summary-card";
import { TokenNotFound } from "./token-not-found";

const UsageTab = lazyPart(async () => (await import("../usage/usage-tab")).UsageTab);
const AuditTrail = lazyPart(async () => (await import("../../audit-trail/audit-trail")).AuditTrail);

const apiTokenDetails = graphql(/* GraphQL */ `
  query ApiTokenDetails($id: ID!) {
    apiToken(id: $id) {
      id
      name
      ...ApiTokenDetailsHeader
      ...ApiTokenSummaryCard
      ...ApiTokenGeneralTab
      ...ApiTokenModulesTab
      ...ApiTokenDatesTab
    }
  }
`);

/** Milliseconds between two updates, which show changes made by others. */
const readEvery = 10_000;

interface ApiTokenDetailsPageProps {
  tokenId: string;
  tab: DetailsTab;
}

export function ApiTokenDetailsPage({ tokenId, tab }: ApiTokenDetailsPageProps) {
  const { data, error, refetch } = useQuery(apiTokenDetails, {
    variables: { id: tokenId },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
    pollInterval: readEvery,
    skipPollAttempt: () => !isWatched(),
  });
  const token = data?.apiToken;
  const isLoaded = data !== undefined;
  useLazyParts(isLoaded);

  if (!data && error) {
    return (
      <div className={classes.page}>
        <VisuallyHidden component="h1">API token</VisuallyHidden>
        <BackToList />
        <ErrorState
          title="Couldn’t load the API token"
          error={error}
          onRetry={() => void refetch().catch(() => undefined)}
        />
      </div>
    );
  }
  if (!data) return <DetailsSkeleton />;
  if (!token) return <TokenNotFound tokenId={tokenId} />;
  return (
    <div className={classes.page}>
      <title>{`${token.name} · Hallpass`}</title>
      <DetailsHeader token={token} />
      <SummaryCard token={token} />
      <DetailsTabs tokenId={tokenId} current={tab} name={token.name} />
      <div role="tabpanel" id={panelId} aria-labelledby={tabId(tab)} className={panelClass(tab)}>
        {tab === "general" && <GeneralTab token={token} />}
        {tab === "modules" && <ModulesTab token={token} />}
        {tab === "details" && <DatesTab token={token} />}
        {tab === "usage" && (
          <Suspense fallback={<Skeleton h={280} role="status" aria-label="Loading usage" />}>
            <UsageTab tokenId={tokenId} />
          </Suspense>
        )}
        {tab === "audit-trail" && (
          <Suspense fallback={<Skeleton h={480} role="status" aria-label="Loading the audit trail" />}>
            <AuditTrail objectId={tokenId} />
          </Suspense>
        )}
      </div>
    </div>
  );
}

/** The grid is already a card. */
function panelClass(tab: DetailsTab): string | undefined {
  return tab === "audit-trail" ? classes.grid : classes.card;
}

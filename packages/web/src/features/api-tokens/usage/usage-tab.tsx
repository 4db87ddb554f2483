import { useQuery } from "@apollo/client/react";
import { Skeleton } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import { ErrorState } from "../../../components/page/error-state";
import { RelativeTime } from "../../../components/time/relative-time";
import { graphql } from "../../../gql/gql";
import type { ApiTokenUsageQuery } from "../../../gql/graphql";
import { NoUsage } from "./no-usage";
import { totalOf } from "./usage-bars";
import { UsageChart } from "./usage-chart";
import classes from "./usage-tab.module.css";
import { UsageTable } from "./usage-table";

const usageDocument = graphql(/* GraphQL */ `
  query ApiTokenUsage($id: ID!, $days: Int!) {
    apiToken(id: $id) {
      id
      status
      lastAccessAt
      lastAccessIp
      lastAccessUserAgent
      usage(days: $days) {
        day
        allowed
        denied
      }
    }
  }
`);

const periods = [30, 90] as const;

/** Daily counts of allowed and denied checks. The period is in the URL. */
export function UsageTab({ tokenId }: { tokenId: string }) {
  const search: { days?: string } = useSearch({ strict: false });
  const days = periods.find((each) => String(each) === search.days) ?? 30;
  // Don’t cache counts that are still growing.
  const { data, previousData, error, loading, refetch } = useQuery(usageDocument, {
    variables: { id: tokenId, days },
    fetchPolicy: "no-cache",
    notifyOnNetworkStatusChange: true,
  });
  const token = (data ?? (loading ? previousData : undefined))?.apiToken;

  if (!token && error && !loading) {
    return (
      <ErrorState title="Couldn’t load usage" error={error} onRetry={() => void refetch().catch(() => undefined)} />
    );
  }
  return (
    <section className={classes.usage} aria-label="Usage" aria-busy={loading || undefined}>
      <div className={classes.top}>
        <Periods tokenId={tokenId} days={days} />
        {token && <LastAccess token={token} />}
      </div>
      {token ? <Days token={token} tokenId={tokenId} /> : <Skeleton h={240} role="status" aria-label="Loading usage" />}
    </section>
  );
}

type Token = NonNullable<ApiTokenUsageQuery["apiToken"]>;

function Days({ token, tokenId }: { token: Token; tokenId: string }) {
  const total = totalOf(token.usage);
  if (total.allowed + total.denied === 0) {
    return (
      <NoUsage tokenId={tokenId} days={token.usage.length} used={Boolean(token.lastAccessAt)} status={token.status} />
    );
  }
  return (
    <>
      <UsageChart days={token.usage} />
      <UsageTable days={token.usage} />
    </>
  );
}

function Periods({ tokenId, days }: { tokenId: string; days: number }) {
  return (
    <nav aria-label="Period" className={classes.periods}>
      {periods.map((each) => (
        <Link
          key={each}
          to="/settings/api-tokens/$tokenId/{-$tab}"
          params={{ tokenId, tab: "usage" }}
          search={{ days: String(each) }}
          replace
          aria-current={each === days ? "true" : undefined}
        >
          {each} days
        </Link>
      ))}
    </nav>
  );
}

function LastAccess({ token: { lastAccessAt, lastAccessIp, lastAccessUserAgent } }: { token: Token }) {
  return (
    <p className={classes.last}>
      Last access: <RelativeTime value={lastAccessAt} never="never" />
      {lastAccessAt && lastAccessIp && ` from ${lastAccessIp}`}
      {lastAccessAt && lastAccessUserAgent && ` by ${lastAccessUserAgent}`}
    </p>
  );
}

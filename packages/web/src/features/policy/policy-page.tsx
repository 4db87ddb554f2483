import { useQuery } from "@apollo/client/react";
import { Skeleton } from "@mantine/core";
import { ErrorState } from "../../components/page/error-state";
import { PageLayout } from "../../components/page/page-layout";
import { useLazyParts } from "../../lib/lazy-part";
import { useCan, useViewer } from "../session/viewer";
import { BreakingTokens } from "./breaking-tokens";
import { policyDocument } from "./policy";
import { PolicyForm } from "./policy-form";
import classes from "./policy-page.module.css";

/** What the account requires of its tokens and people. */
export function PolicyPage() {
  const { account } = useViewer();
  const mayChange = useCan("policy:write");
  const { data, error, refetch } = useQuery(policyDocument, { fetchPolicy: "cache-and-network" });
  const policy = data?.accountPolicy;
  useLazyParts(policy !== undefined);
  return (
    <PageLayout title="Policy">
      {policy ? (
        <div className={classes.page}>
          <p className={classes.about}>
            Rules for API tokens in {account.name}. Rules for expiry and IP addresses apply when a token is added, or
            when either is edited. Existing tokens keep working.
          </p>
          <PolicyForm policy={policy} readOnly={!mayChange} />
          <BreakingTokens policy={policy} />
        </div>
      ) : error ? (
        <ErrorState title="Couldn’t load the policy" error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={320} />
      )}
    </PageLayout>
  );
}

import { Link } from "@tanstack/react-router";
import { RelativeTime } from "../../../components/time/relative-time";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import classes from "./details-page.module.css";

const summaryFragment = graphql(/* GraphQL */ `
  fragment ApiTokenSummaryCard on ApiToken {
    id
    lastAccessAt
    lastAccessIp
    activeDescendantCount
    account {
      id
      name
    }
  }
`);

export function SummaryCard({ token: ref }: { token: FragmentType<typeof summaryFragment> }) {
  const { id, account, lastAccessAt, lastAccessIp, activeDescendantCount } = useFragment(summaryFragment, ref);
  return (
    <dl className={`${classes.card} ${classes.facts}`}>
      <div>
        <dt>Account</dt>
        <dd>
          {account.name}
          <div className={classes.quiet}>{account.id}</div>
        </dd>
      </div>
      <div>
        <dt>Last access</dt>
        <dd>
          <RelativeTime value={lastAccessAt} never="Never used" />
          {lastAccessAt && lastAccessIp && <div className={classes.quiet}>from {lastAccessIp}</div>}
        </dd>
      </div>
      {activeDescendantCount > 0 && (
        <div>
          <dt>Active tokens it created</dt>
          <dd>
            {activeDescendantCount}
            <div>
              <Link to="/settings/api-tokens" search={{ filter: `createdBy.anyOf(${id})` }}>
                Show in the list
              </Link>
            </div>
          </dd>
        </div>
      )}
    </dl>
  );
}

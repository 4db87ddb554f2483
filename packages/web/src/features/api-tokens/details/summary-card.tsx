import { DateTime } from "../../../components/date-time";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import classes from "./details-page.module.css";

const summaryFragment = graphql(/* GraphQL */ `
  fragment ApiTokenSummaryCard on ApiToken {
    id
    lastAccessAt
    account {
      id
      name
    }
  }
`);

export function SummaryCard({ token: ref }: { token: FragmentType<typeof summaryFragment> }) {
  const { account, lastAccessAt } = useFragment(summaryFragment, ref);
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
        <dd>{lastAccessAt ? <DateTime value={lastAccessAt} /> : "Never used"}</dd>
      </div>
    </dl>
  );
}

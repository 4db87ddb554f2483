import { Anchor } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { PageMessage } from "../../../components/page/page-message";
import type { ApiTokenStatus } from "../../../gql/graphql";

interface NoUsageProps {
  tokenId: string;
  days: number;
  /** Whether the token was ever used, including before the period. */
  used: boolean;
  status: ApiTokenStatus;
}

/** Advice shown instead of a chart without data. */
export function NoUsage({ tokenId, days, used, status }: NoUsageProps) {
  const general = (
    <Anchor
      inherit
      underline="always"
      renderRoot={(props) => (
        <Link {...props} to="/settings/api-tokens/$tokenId/{-$tab}" params={{ tokenId, tab: undefined }} />
      )}
    >
      General tab
    </Anchor>
  );
  return (
    <PageMessage
      icon={<IconChartBar size={32} stroke={1.4} aria-hidden="true" />}
      title={`No requests in the last ${days} days`}
    >
      {used ? (
        <>
          This token hasn’t been used for a while.
          {status === "ACTIVE" && " If it’s no longer needed, disable it."}
        </>
      ) : (
        <>This token has never been used. The {general} has a first call to copy and run.</>
      )}
    </PageMessage>
  );
}

import { useQuery } from "@apollo/client/react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { graphql } from "../../gql/gql";
import type { ApiTokenFilter, TokensBreakingPolicyQuery } from "../../gql/graphql";
import { counted, countedUpTo, isUncounted } from "../../lib/counted";
import { errorMessage } from "../../lib/error-message";
import { latestExpiry, type Policy, requiresExpiry } from "./policy";
import classes from "./policy-page.module.css";

const breakingDocument = graphql(/* GraphQL */ `
  query TokensBreakingPolicy($filter: ApiTokenFilter) {
    apiTokens(first: 100, filter: $filter) {
      total: countUpTo
      nodes {
        id
        name
        expiresAt
        ipRanges
      }
    }
  }
`);

type Token = TokensBreakingPolicyQuery["apiTokens"]["nodes"][number];

/** Tokens from before the policy that would not be allowed now. */
export function BreakingTokens({ policy }: { policy: Policy }) {
  const [now] = useState(() => new Date());
  const or = conditionsOf(policy, now);
  const { data, error } = useQuery(breakingDocument, {
    variables: { filter: { or } },
    skip: or.length === 0,
    fetchPolicy: "cache-and-network",
  });
  if (or.length === 0) return null;
  if (!data) return error ? <p role="alert">{errorMessage(error)}</p> : null;
  const { total, nodes } = data.apiTokens;
  return (
    <section className={classes.tokens}>
      <h2>
        {total === 0
          ? "All tokens follow this policy"
          : `${countedUpTo(total, "token").replace(/^o/, "O")} ${total === 1 ? "breaks" : "break"} this policy`}
      </h2>
      {policy.ipRangesRequired && (
        <p className={classes.about}>Tokens with IP ranges that are too wide aren’t listed.</p>
      )}
      {total > 0 && (
        <>
          <p className={classes.about}>They keep working. Edit them, or delete what you no longer need.</p>
          <ul className={classes.list} aria-label="Tokens that break this policy">
            {nodes.map((token) => (
              <li key={token.id}>
                <Link to="/settings/api-tokens/$tokenId/{-$tab}" params={{ tokenId: token.id, tab: undefined }}>
                  {token.name}
                </Link>
                <span className={classes.about}>{whyOf(token, policy, now)}</span>
              </li>
            ))}
          </ul>
          {total > nodes.length && (
            <p className={classes.about}>
              And {isUncounted(total) ? "more" : counted(total - nodes.length, "more token")}.
            </p>
          )}
        </>
      )}
    </section>
  );
}

function conditionsOf(policy: Policy, now: Date): ApiTokenFilter[] {
  const latest = latestExpiry(policy, now);
  return [
    ...(requiresExpiry(policy) ? [{ noExpiry: true }] : []),
    ...(latest ? [{ expiresAt: { from: latest.toISOString() } }] : []),
    ...(policy.ipRangesRequired ? [{ noIpRanges: true }] : []),
  ];
}

function whyOf({ expiresAt, ipRanges }: Token, policy: Policy, now: Date): string {
  const latest = latestExpiry(policy, now);
  const reasons = [
    !expiresAt && requiresExpiry(policy) && "no expiry",
    expiresAt && latest && new Date(expiresAt) >= latest && "expires too late",
    policy.ipRangesRequired && ipRanges.length === 0 && "no IP addresses",
  ];
  const all = reasons.filter(Boolean).join(", ");
  return all.charAt(0).toUpperCase() + all.slice(1);
}

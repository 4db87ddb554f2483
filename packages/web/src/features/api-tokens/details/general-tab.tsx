import { useApolloClient } from "@apollo/client/react";
import { Suspense } from "react";
import { CopyButton } from "../../../components/copy-button";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import type { RevealPurpose } from "../../../gql/graphql";
import { lazyPart } from "../../../lib/lazy-part";
import { useCan } from "../../session/viewer";
import { rateLimitInWords } from "../form/rate-limit";
import { revealApiToken } from "../mutations/api-token-mutations";
import { SecretValue } from "../value/secret-value";
import classes from "./details-page.module.css";

// Below the fold, or rarely shown.
const FirstCall = lazyPart(async () => (await import("../first-call/first-call")).FirstCall);
const RotationNotice = lazyPart(async () => (await import("../rotate/rotation-notice")).RotationNotice);

const generalFragment = graphql(/* GraphQL */ `
  fragment ApiTokenGeneralTab on ApiToken {
    id
    name
    status
    description
    endpoint
    maskedValue
    ipRanges
    rateLimit {
      requests
      perSeconds
    }
    availableActions
    previousValueExpiresAt
  }
`);

export function GeneralTab({ token: ref }: { token: FragmentType<typeof generalFragment> }) {
  const token = useFragment(generalFragment, ref);
  const client = useApolloClient();
  const fetchValue = token.availableActions.includes("REVEAL")
    ? (purpose: RevealPurpose) => revealApiToken(client, token.id, purpose)
    : undefined;
  return (
    <div className={classes.parts}>
      {token.previousValueExpiresAt && (
        <Suspense>
          <RotationNotice tokenId={token.id} name={token.name} />
        </Suspense>
      )}
      <dl className={classes.sections}>
        <div>
          <dt>Description</dt>
          <dd className={classes.prose}>{token.description || "—"}</dd>
        </div>
        <div>
          <dt>API endpoint</dt>
          <dd className={classes.withButton}>
            {token.endpoint}
            <CopyButton label="Copy API endpoint" value={token.endpoint} />
          </dd>
        </div>
        <div>
          <dt>API token</dt>
          <dd>
            {fetchValue ? (
              <SecretValue masked={token.maskedValue} fetchValue={fetchValue} />
            ) : (
              <ValueOutOfReach masked={token.status === "DELETED" ? null : token.maskedValue} />
            )}
          </dd>
        </div>
        <div>
          <dt>Allowed IP addresses</dt>
          <dd>{token.ipRanges.join(", ") || "Any"}</dd>
        </div>
        <div>
          <dt>Rate limit</dt>
          <dd>{token.rateLimit ? rateLimitInWords(token.rateLimit) : "None"}</dd>
        </div>
      </dl>
      {token.status !== "DELETED" && (
        <Suspense>
          <FirstCall
            tokenId={token.id}
            endpoint={token.endpoint}
            masked={token.maskedValue}
            fetchValue={fetchValue}
            heading={<h2 className={classes.title}>First call</h2>}
          />
        </Suspense>
      )}
    </div>
  );
}

/** `masked` is null once the value is destroyed. */
function ValueOutOfReach({ masked }: { masked: string | null }) {
  const mayReveal = useCan("apiToken:reveal");
  return (
    <>
      {masked && <code>{masked}</code>}
      <p className={classes.why}>{whyOutOfReach(masked !== null, mayReveal)}</p>
    </>
  );
}

function whyOutOfReach(hasValue: boolean, mayReveal: boolean): string {
  if (!hasValue) return "The value was destroyed when the API token was deleted.";
  if (mayReveal) return "Your account’s policy shows a value only once. Rotate the token to get a new one.";
  return "Only administrators of the account can show or copy the value.";
}

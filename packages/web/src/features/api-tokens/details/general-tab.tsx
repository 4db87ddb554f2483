import { CopyButton } from "../../../components/copy-button";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import { SecretValue } from "../value/secret-value";
import { useRevealApiToken } from "../value/use-reveal-api-token";
import classes from "./details-page.module.css";

const generalFragment = graphql(/* GraphQL */ `
  fragment ApiTokenGeneralTab on ApiToken {
    id
    status
    description
    endpoint
    maskedValue
    availableActions
  }
`);

export function GeneralTab({ token: ref }: { token: FragmentType<typeof generalFragment> }) {
  const token = useFragment(generalFragment, ref);
  const reveal = useRevealApiToken(token.id);
  const deleted = token.status === "DELETED";
  return (
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
          {token.availableActions.includes("REVEAL") ? (
            <SecretValue masked={token.maskedValue} fetchValue={reveal} />
          ) : (
            <>
              {!deleted && <code>{token.maskedValue}</code>}
              <p className={classes.why}>
                {deleted
                  ? "The value was destroyed when the API token was deleted."
                  : "Only administrators of the account can show or copy the value."}
              </p>
            </>
          )}
        </dd>
      </div>
    </dl>
  );
}

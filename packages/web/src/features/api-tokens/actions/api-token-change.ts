import type { ApolloCache, ApolloClient } from "@apollo/client";
import type { UserErrorCode } from "@hallpass/shared";
import { graphql } from "../../../gql/gql";

/** Everything that a change of a token moves; each mutation answers with it, so every page shows the change at once. */
graphql(/* GraphQL */ `
  fragment ApiTokenChanged on ApiToken {
    id
    status
    availableActions
    version
    events {
      kind
      at
      by {
        id
        name
      }
    }
  }
`);

export interface ChangeFault {
  code: UserErrorCode;
  field?: readonly string[] | null;
  message: string;
}

export interface ChangeAnswer {
  /** Why nothing was changed; empty when it was. */
  userErrors: readonly ChangeFault[];
  /** The tokens it had created that were disabled with it. */
  disabledDescendants?: readonly unknown[] | null;
}

/** Asks for a change of a token, and throws when no answer came. */
export type ApiTokenChange = (input: { id: string; includeDescendants?: boolean }) => Promise<ChangeAnswer>;

/** Each change adds a record, so every page of the trail that was read is out of date; what is open is read again. */
export function forgetAuditTrails(cache: ApolloCache): void {
  cache.evict({ id: "ROOT_QUERY", fieldName: "auditTrail" });
}

/** For when tokens come or go: every page of the list, the one in view included, is read again. */
export async function refetchApiTokenLists(client: ApolloClient): Promise<void> {
  // A page that cannot be read says so itself.
  await client
    .refetchQueries({ updateCache: (cache) => cache.evict({ id: "ROOT_QUERY", fieldName: "apiTokens" }) })
    .catch(() => undefined);
}

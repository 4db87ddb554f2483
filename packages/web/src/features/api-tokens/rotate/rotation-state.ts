import type { ApolloClient } from "@apollo/client";
import { graphql } from "../../../gql/gql";
import type { ApiTokenRotationQuery } from "../../../gql/graphql";

/** Where a token stands between two values. */
export const rotationDocument = graphql(/* GraphQL */ `
  query ApiTokenRotation($id: ID!) {
    apiToken(id: $id) {
      id
      status
      version
      availableActions
      maskedValue
      lastAccessAt
      previousValueExpiresAt
      previousValueLastAccessAt
      currentValueLastAccessAt
      events {
        kind
        at
        by {
          id
          name
        }
      }
    }
  }
`);

export type RotationState = NonNullable<ApiTokenRotationQuery["apiToken"]>;

/** As it is now; what shows the token on the page hears of it. Null: the token is gone. */
export async function readRotation(client: ApolloClient, id: string): Promise<RotationState | null> {
  const { data } = await client.query({ query: rotationDocument, variables: { id }, fetchPolicy: "network-only" });
  return data?.apiToken ?? null;
}

/** When it was rotated last; undefined: never. */
export function rotatedAt({ events }: RotationState): string | undefined {
  return events.find(({ kind }) => kind === "ROTATED")?.at;
}

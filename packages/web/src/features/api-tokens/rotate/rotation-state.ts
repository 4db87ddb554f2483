import type { ApolloClient } from "@apollo/client";
import { graphql } from "../../../gql/gql";
import type { ApiTokenRotationQuery } from "../../../gql/graphql";

/** A token’s rotation state. */
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

/** Rereads the state, which also updates the page. Null if the token no longer exists. */
export async function readRotation(client: ApolloClient, id: string): Promise<RotationState | null> {
  const { data } = await client.query({ query: rotationDocument, variables: { id }, fetchPolicy: "network-only" });
  return data?.apiToken ?? null;
}

/** When the token was last rotated. Undefined if never. */
export function rotatedAt({ events }: RotationState): string | undefined {
  return events.find(({ kind }) => kind === "ROTATED")?.at;
}

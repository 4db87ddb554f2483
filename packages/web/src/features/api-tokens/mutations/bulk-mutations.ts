import type { ApolloClient } from "@apollo/client";
import { type FragmentType, useFragment as unmask } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import { changed, send } from "./api-token-mutations";

const resultFragment = graphql(/* GraphQL */ `
  fragment BulkResult on BulkApiTokensPayload {
    results {
      id
      apiToken {
        id
        status
        availableActions
        version
        expiresAt
      }
      userErrors {
        code
        message
      }
    }
    userErrors {
      message
    }
  }
`);

const documents = {
  ENABLE: graphql(/* GraphQL */ `
    mutation EnableApiTokens($input: BulkApiTokensInput!) {
      answer: enableApiTokens(input: $input) {
        ...BulkResult
      }
    }
  `),
  DISABLE: graphql(/* GraphQL */ `
    mutation DisableApiTokens($input: BulkApiTokensInput!) {
      answer: disableApiTokens(input: $input) {
        ...BulkResult
      }
    }
  `),
  DELETE: graphql(/* GraphQL */ `
    mutation DeleteApiTokens($input: BulkApiTokensInput!) {
      answer: deleteApiTokens(input: $input) {
        ...BulkResult
      }
    }
  `),
};

const setExpiryDocument = graphql(/* GraphQL */ `
  mutation SetExpiryOfApiTokens($input: BulkUpdateApiTokensInput!) {
    answer: updateApiTokens(input: $input) {
      ...BulkResult
    }
  }
`);

export type BulkAction = keyof typeof documents;

/** A token that wasn’t changed, and why. */
export interface BulkFailure {
  id: string;
  /** Undefined if there was no response. */
  code?: string;
  message: string;
}

/** Changes the status of up to 1,000 tokens of an account. Returns the tokens that weren’t changed. Throws if no response arrives. */
export async function changeApiTokens(
  client: ApolloClient,
  action: BulkAction,
  ids: readonly string[],
  accountId: string,
): Promise<BulkFailure[]> {
  const { answer } = await send(client, documents[action], { input: { ids: [...ids] } }, undefined, accountId);
  return failuresOf(client, answer, ids);
}

/** Sets the expiry of up to 1,000 tokens, as RFC 3339 or null for never. */
export async function setExpiryOfApiTokens(
  client: ApolloClient,
  ids: readonly string[],
  expiresAt: string | null,
  accountId: string,
): Promise<BulkFailure[]> {
  const { answer } = await send(
    client,
    setExpiryDocument,
    { input: { ids: [...ids], expiresAt } },
    undefined,
    accountId,
  );
  return failuresOf(client, answer, ids);
}

type Answer = FragmentType<typeof resultFragment>;

function failuresOf(client: ApolloClient, answer: Answer, ids: readonly string[]): BulkFailure[] {
  const { results, userErrors } = unmask(resultFragment, answer);
  const [whole] = userErrors;
  if (whole) return ids.map((id) => ({ id, message: whole.message }));
  for (const { id, apiToken } of results) {
    const entry = client.cache.identify({ __typename: "ApiToken", id });
    // The response doesn’t have the events. Pages that show them reread the token.
    if (apiToken && entry) client.cache.evict({ id: entry, fieldName: "events" });
  }
  changed(client, "the list too");
  return results.flatMap(({ id, userErrors: [error] }) =>
    error ? [{ id, code: error.code, message: error.message }] : [],
  );
}

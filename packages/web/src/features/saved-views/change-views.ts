import type { ApolloClient } from "@apollo/client";
import { graphql } from "../../gql/gql";
import type { CreateSavedViewInput, UpdateSavedViewInput } from "../../gql/graphql";
import { errorMessage } from "../../lib/error-message";
import { viewerDocument } from "../session/viewer";

const createDocument = graphql(/* GraphQL */ `
  mutation CreateSavedView($input: CreateSavedViewInput!) {
    createSavedView(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`);

const updateDocument = graphql(/* GraphQL */ `
  mutation UpdateSavedView($input: UpdateSavedViewInput!) {
    updateSavedView(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`);

const deleteDocument = graphql(/* GraphQL */ `
  mutation DeleteSavedView($input: DeleteSavedViewInput!) {
    deleteSavedView(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`);

interface UserError {
  code: string;
  field?: string[] | null;
  message: string;
}

/** Each returns the first input error, or null on success. Throws if the request fails. */
export const changes = {
  /** In this account, or in the tab’s. */
  create: async (client: ApolloClient, input: CreateSavedViewInput, account?: string) => {
    const context = account === undefined ? {} : { account };
    const { data } = await client.mutate({ mutation: createDocument, variables: { input }, context });
    return firstOf(data?.createSavedView);
  },
  update: async (client: ApolloClient, input: UpdateSavedViewInput) =>
    firstOf((await client.mutate({ mutation: updateDocument, variables: { input } })).data?.updateSavedView),
  remove: async (client: ApolloClient, id: string) =>
    firstOf((await client.mutate({ mutation: deleteDocument, variables: { input: { id } } })).data?.deleteSavedView),
};

const firstOf = (payload: { userErrors: UserError[] } | undefined): UserError | null => payload?.userErrors[0] ?? null;

/** Makes a change and reads the views again. Returns an error message, or null on success. */
export async function makeChange(
  client: ApolloClient,
  change: () => Promise<UserError | null>,
): Promise<string | null> {
  try {
    const fault = await change();
    // The change is made, even if its result can’t be read.
    await readViews(client).catch(() => undefined);
    return fault?.message ?? null;
  } catch (error) {
    return errorMessage(error);
  }
}

/** Reads the views again, with changes by others. */
export const readViews = (client: ApolloClient) => client.query({ query: viewerDocument, fetchPolicy: "network-only" });

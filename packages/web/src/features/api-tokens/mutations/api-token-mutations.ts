import type { ApolloCache, ApolloClient, OperationVariables, TypedDocumentNode } from "@apollo/client";
import type {
  CreateApiTokenInput,
  DeleteApiTokenInput,
  DisableApiTokenInput,
  EnableApiTokenInput,
  EndApiTokenRotationInput,
  RevealPurpose,
  RotateApiTokenInput,
  UpdateApiTokenInput,
  UpdateApiTokenMutation,
} from "../../../gql/graphql";
import {
  createApiTokenDocument,
  deleteApiTokenDocument,
  disableApiTokenDocument,
  enableApiTokenDocument,
  endApiTokenRotationDocument,
  revealApiTokenDocument,
  rotateApiTokenDocument,
  updateApiTokenDocument,
} from "./documents";

// Changes to tokens, and the cache entries each makes stale. All throw if no response arrives.

export type ChangeFault = UpdateApiTokenMutation["updateApiToken"]["userErrors"][number];

export interface ChangeAnswer {
  /** Why nothing changed. Empty on success. */
  userErrors: readonly ChangeFault[];
  /** The descendants disabled with the token. */
  disabledDescendants?: readonly { id: string }[] | null;
}

/** A change that only needs the token’s ID. */
export type ApiTokenChange = (client: ApolloClient, input: DisableApiTokenInput) => Promise<ChangeAnswer>;

/** The response contains the value. Keep it out of anything that outlives the page. */
export async function createApiToken(client: ApolloClient, input: CreateApiTokenInput) {
  const { createApiToken: answer } = await send(client, createApiTokenDocument, { input }, "has the value");
  if (answer.apiToken) changed(client, "the list too");
  return answer;
}

export async function updateApiToken(client: ApolloClient, input: UpdateApiTokenInput): Promise<ChangeAnswer> {
  const { updateApiToken: answer } = await send(client, updateApiTokenDocument, { input });
  if (answer.apiToken) changed(client);
  return answer;
}

export async function enableApiToken(client: ApolloClient, { id }: EnableApiTokenInput): Promise<ChangeAnswer> {
  const { enableApiToken: answer } = await send(client, enableApiTokenDocument, { input: { id } });
  if (answer.apiToken) changed(client);
  return answer;
}

export async function disableApiToken(client: ApolloClient, input: DisableApiTokenInput): Promise<ChangeAnswer> {
  const { disableApiToken: answer } = await send(client, disableApiTokenDocument, { input });
  if (answer.apiToken) changed(client);
  return answer;
}

export async function deleteApiToken(client: ApolloClient, input: DeleteApiTokenInput): Promise<ChangeAnswer> {
  const { deleteApiToken: answer } = await send(client, deleteApiTokenDocument, { input });
  if (answer.deletedId) {
    markDeleted(client.cache, answer.deletedId);
    changed(client, "the list too");
  }
  return answer;
}

/** The response contains the value, as in `createApiToken`. The rest of the token must be reread. */
export async function rotateApiToken(client: ApolloClient, input: RotateApiTokenInput) {
  const { rotateApiToken: answer } = await send(client, rotateApiTokenDocument, { input }, "has the value");
  if (answer.apiToken) changed(client);
  return answer;
}

/** Revokes the previous value. */
export async function endApiTokenRotation(
  client: ApolloClient,
  { id }: EndApiTokenRotationInput,
): Promise<ChangeAnswer> {
  const { endApiTokenRotation: answer } = await send(client, endApiTokenRotationDocument, { input: { id } });
  if (answer.apiToken) changed(client);
  return answer;
}

/** The server denied the value. Its message can be shown to users. */
export class RevealRefused extends Error {}

/** Returns the value. May throw RevealRefused. */
export async function revealApiToken(client: ApolloClient, id: string, purpose: RevealPurpose): Promise<string> {
  const variables = { input: { id, purpose } };
  const { revealApiToken: answer } = await send(client, revealApiTokenDocument, variables, "has the value");
  if (!answer.value) throw new RevealRefused(answer.userErrors[0]?.message ?? "Couldn’t read the value.");
  changed(client);
  return answer.value;
}

/** Throws if no response arrives. */
export async function send<Data, Variables extends OperationVariables>(
  client: ApolloClient,
  mutation: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  hasValue?: "has the value",
  /** The tab’s by default. */
  accountId?: string,
): Promise<Data> {
  const { data } = await client.mutate<Data, OperationVariables>({
    mutation,
    variables,
    // Values must never enter the cache.
    ...(hasValue && { fetchPolicy: "no-cache" as const }),
    ...(accountId && { context: { account: accountId } }),
  });
  if (!data) throw new Error("The server sent no response.");
  return data;
}

/**
 * Each change adds an audit record, so all cached pages of the trail are stale. If tokens were added or removed, so are
 * all pages of the list, and the current one is reread.
 */
export function changed(client: ApolloClient, list?: "the list too"): void {
  client.cache.evict({ id: "ROOT_QUERY", fieldName: "auditTrail" });
  if (!list) return;
  const updateCache = (cache: ApolloCache) => cache.evict({ id: "ROOT_QUERY", fieldName: "apiTokens" });
  // A page that fails to load shows its own error.
  void client.refetchQueries({ updateCache }).catch(() => undefined);
}

/** Shows the token as deleted until the list is reread: a row that vanishes immediately looks like a bug. */
function markDeleted(cache: ApolloCache, tokenId: string): void {
  const id = cache.identify({ __typename: "ApiToken", id: tokenId });
  if (id) cache.modify({ id, fields: { status: () => "DELETED", availableActions: () => [] } });
}

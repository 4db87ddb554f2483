import type { ApolloClient } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { useCallback, useEffect, useState } from "react";
import { graphql } from "../../../gql/gql";
import type { SelectedApiTokensQuery } from "../../../gql/graphql";
import { inChunks } from "../mutations/in-chunks";

const selectedDocument = graphql(/* GraphQL */ `
  query SelectedApiTokens($ids: [ID!]!) {
    nodes(ids: $ids) {
      id
      ... on ApiToken {
        name
        availableActions
        lastAccessAt
      }
    }
  }
`);

type Node = NonNullable<SelectedApiTokensQuery["nodes"][number]>;
export type SelectedToken = Extract<Node, { name: string }>;

/** The selected tokens as they are now. Tokens deleted meanwhile are left out. */
async function readSelected(client: ApolloClient, ids: readonly string[]): Promise<SelectedToken[]> {
  const found: SelectedToken[] = [];
  for (const some of inChunks(ids)) {
    const { data } = await client.query({ query: selectedDocument, variables: { ids: some }, fetchPolicy: "no-cache" });
    found.push(...(data?.nodes ?? []).filter((node): node is SelectedToken => node !== null && "name" in node));
  }
  return found;
}

/** `tokens` is undefined while loading. */
export function useSelectedTokens(ids: readonly string[]) {
  const client = useApolloClient();
  const [state, setState] = useState<{ tokens?: SelectedToken[]; error?: unknown }>({});
  const load = useCallback(() => {
    setState({});
    readSelected(client, ids).then(
      (tokens) => setState({ tokens }),
      (error: unknown) => setState({ error }),
    );
  }, [client, ids]);
  useEffect(load, [load]);
  return { ...state, reload: load };
}

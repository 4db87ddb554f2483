import { graphql } from "../../../gql/gql";

export const liveDocument = graphql(/* GraphQL */ `
  query LiveApiTokens($ids: [ID!]!, $filter: ApiTokenFilter) {
    nodes(ids: $ids) {
      id
      ... on ApiToken {
        id
        name
        ...ApiTokenListIdentity
        ...ApiTokenListModules
        ...ApiTokenListFacts
        ...ApiTokenActions
      }
    }
    newest: apiTokens(first: 1, filter: $filter) {
      total: countUpTo
      nodes {
        id
      }
    }
  }
`);

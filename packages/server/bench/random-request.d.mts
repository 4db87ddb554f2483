import type { GraphQLSchema } from "graphql";

export interface KnownIds {
  account: string[];
  module: string[];
  record: string[];
  token: string[];
  user: string[];
}

export interface RandomRequest {
  query: string;
  variables: Record<string, unknown>;
}

/** The same seed gives the same numbers from 0 to 1. */
export function randomNumbers(seed: number): () => number;

/**
 * A request that may be anything the schema allows: pages from both ends, under many names, in fragments, with variables,
 * their defaults and nulls, parts left out by @skip and @include. Most are accepted; the server says which.
 */
export function randomRequest(
  schema: GraphQLSchema,
  random: () => number,
  ids: KnownIds,
  options?: { mutations?: boolean },
): RandomRequest;

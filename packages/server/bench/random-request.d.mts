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

/** Returns numbers from 0 to 1, the same ones for the same seed. */
export function randomNumbers(seed: number): () => number;

/**
 * A random request within the schema: pages from both ends, aliases, fragments, variables with defaults and nulls, and
 * parts excluded by @skip and @include. Most are accepted. The server decides which.
 */
export function randomRequest(
  schema: GraphQLSchema,
  random: () => number,
  ids: KnownIds,
  options?: { mutations?: boolean },
): RandomRequest;

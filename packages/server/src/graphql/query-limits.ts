import type { ApolloServerPlugin } from "@apollo/server";
import { GraphQLError, type ValidationRule } from "graphql";
import { charge, maxCost, tooExpensive } from "../context/budget.js";
import type { RequestContext } from "../context/request-context.js";
import { badInput, RequestError } from "../core/errors.js";
import { costOfOperation } from "./cost.js";

// Limits on one request: far above what the web app needs, and under 100 ms of CPU (bench/worst-request.mjs).

/** Lexical tokens in a request. The parser rejects more. */
export const maxTokens = 2_000;
/** Depth of nested fields. Explorers request the schema 15 levels deep. */
const maxDepth = 20;
/** Fields at the root, counting each alias: each is a statement, a sign-in or a change of its own. */
const maxRootFields = 20;
/** Depth of nested values. The deepest filter needs 12. */
const maxVariableDepth = 32;

/**
 * Rejects aliases in introspection. Without them, equal fields merge, and the response is no larger than the schema, a
 * few levels deep.
 */
export const limitIntrospection: ValidationRule = (context) => ({
  Field(node) {
    const isIntrospection = context.getParentType()?.name.startsWith("__") || /^__(schema|type)$/.test(node.name.value);
    if (node.alias && isIntrospection)
      context.reportError(new GraphQLError("Introspection does not allow aliases.", { nodes: node }));
  },
});

/** Checks once the variables are known, as they can determine the length of a list. Nothing has run by then. */
export const limitOperations: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ request, document, operation, schema, contextValue }) {
        if (isDeeper(request.variables, maxVariableDepth))
          throw badInput(`A variable can be nested up to ${maxVariableDepth} levels deep.`);
        const measure = () => operation && costOfOperation(schema, document, operation, request.variables ?? {});
        const measured = rejectingNulls(measure);
        // Execution reports invalid variables.
        if (!measured) return;
        const { cost, depth, fields, withoutRows } = measured;
        if (fields > maxRootFields) throw tooMuch(`A request can have up to ${maxRootFields} fields at the root.`);
        if (depth > maxDepth) throw tooMuch(`A request can be nested up to ${maxDepth} fields deep.`);
        if (cost > maxCost) throw tooMuch(tooExpensive(cost));
        charge(contextValue.budget, withoutRows);
      },
    };
  },
};

/**
 * A nullable variable may have a default in a place that must not be null. An explicit null is found only now, and
 * GraphQL's error has no status.
 */
function rejectingNulls<T>(measure: () => T): T {
  try {
    return measure();
  } catch (error) {
    throw error instanceof GraphQLError && !(error instanceof RequestError) ? badInput(error.message) : error;
  }
}

const tooMuch = (message: string) => new RequestError("GRAPHQL_VALIDATION_FAILED", message);

/** Recurses no deeper than the limit itself. */
function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  for (const each of Object.values(value)) if (isDeeper(each, depth - 1)) return true;
  return false;
}

import type { ApolloServerPlugin } from "@apollo/server";
import { GraphQLError, type ValidationRule } from "graphql";
import { charge, maxCost, tooExpensive } from "../context/budget.js";
import type { RequestContext } from "../context/request-context.js";
import { badInput, RequestError } from "../core/errors.js";
import { costOfOperation } from "./cost.js";

// What one request may cost: far above what the web app asks for, and under 100 ms of CPU (bench/worst-request.mjs).

/** Words and marks of a request's text; more are refused while it is parsed. */
export const maxTokens = 2_000;
/** Fields inside fields. Explorers ask for the schema 15 deep. */
const maxDepth = 20;
/** Fields at the root, aliases counted one by one: each is a statement, a sign-in or a change of its own. */
const maxRootFields = 20;
/** Values inside values. A filter of all depths needs 12. */
const maxVariableDepth = 32;

/** Without aliases equal fields merge, and what introspection returns is no larger than the schema, some levels deep. */
export const limitIntrospection: ValidationRule = (context) => ({
  Field(node) {
    const isIntrospection = context.getParentType()?.name.startsWith("__") || /^__(schema|type)$/.test(node.name.value);
    if (node.alias && isIntrospection)
      context.reportError(new GraphQLError("Introspection takes no aliases.", { nodes: node }));
  },
});

/** Checked once the variables are known, as they can say how long a list is; nothing has been done by then. */
export const limitOperations: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ request, document, operation, schema, contextValue }) {
        if (isDeeper(request.variables, maxVariableDepth))
          throw badInput(`A variable can be nested up to ${maxVariableDepth} deep.`);
        const measure = () => operation && costOfOperation(schema, document, operation, request.variables ?? {});
        const measured = rejectingNulls(measure);
        // Execution reports variables that are wrong.
        if (!measured) return;
        const { cost, depth, fields, withoutRows } = measured;
        if (fields > maxRootFields) throw tooMuch(`A request can have up to ${maxRootFields} fields at the root.`);
        if (depth > maxDepth) throw tooMuch(`A request can be up to ${maxDepth} fields deep.`);
        if (cost > maxCost) throw tooMuch(tooExpensive(cost));
        charge(contextValue.budget, withoutRows);
      },
    };
  },
};

/** A variable may be null where its default may not: that is only known now, and GraphQL's error has no status. */
function rejectingNulls<T>(measure: () => T): T {
  try {
    return measure();
  } catch (error) {
    throw error instanceof GraphQLError && !(error instanceof RequestError) ? badInput(error.message) : error;
  }
}

const tooMuch = (message: string) => new RequestError("GRAPHQL_VALIDATION_FAILED", message);

/** Goes no deeper than the limit itself. */
function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  for (const each of Object.values(value)) if (isDeeper(each, depth - 1)) return true;
  return false;
}

import type { ApolloServerPlugin } from "@apollo/server";
import { limits } from "@hallpass/shared";
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from "graphql";
import { badInput } from "./errors.js";
import type { RequestContext } from "./request-context.js";

// What one request may cost: far above what the web app asks for, and under 100 ms of CPU (bench/worst-request.mjs).

/** Words and marks of a request's text; more are refused while it is parsed. */
export const maxTokens = 2_000;
/** Fields of all rows together, a list counting as many times as it can have rows. */
const maxCost = 30_000;
/** Fields inside fields. Explorers ask for the schema 15 deep. */
const maxDepth = 20;
/** Fields at the root, aliases counted one by one: each is a statement, a sign-in or a change of its own. */
const maxRootFields = 20;
/** Values inside values. A filter of all depths needs 12. */
const maxVariableDepth = 32;

/** What a field costs by itself, in fields. All others cost 1. */
const ownCost: Record<string, number> = {
  // A statement or two, which a search has read every token of the account for.
  apiTokens: 2_000,
  auditTrail: 150,
  // A list has a cost of its own, however short; list-budget.ts has the same.
  usage: 10,
  // Walks through all the tokens that it created.
  activeDescendantCount: 200,
  modules: 10,
  events: 10,
  users: 10,
  // Reads the whole trail.
  auditTrailVerification: 20_000,
  // Hashes a password.
  signIn: 8_000,
  // May have a logo to decode.
  createApiToken: 12_000,
  updateApiToken: 12_000,
};

/** Counts once for each fragment, however often it is spread, so that counting itself costs next to nothing. */
export const limitQueries: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    const { cost, depth, fields } = measure(context, operation);
    const fault =
      fields > maxRootFields
        ? `A request can have ${maxRootFields} fields at the root at most.`
        : depth > maxDepth
          ? `A request can be ${maxDepth} fields deep at most.`
          : cost > maxCost
            ? `The request costs ${cost}; ${maxCost} are allowed. Ask for fewer rows or fields, or do less at once.`
            : null;
    if (fault) context.reportError(new GraphQLError(fault, { nodes: operation }));
  },
});

/** Without aliases equal fields merge, and what introspection answers is no larger than the schema, some levels deep. */
export const limitIntrospection: ValidationRule = (context) => ({
  Field(node) {
    if (node.alias && context.getParentType()?.name.startsWith("__"))
      context.reportError(new GraphQLError("Introspection takes no aliases.", { nodes: node }));
  },
});

interface Measure {
  cost: number;
  depth: number;
  /** Fields of the selection itself, those of its fragments included. */
  fields: number;
}

const nothing: Measure = { cost: 0, depth: 0, fields: 0 };

function measure(context: ValidationContext, operation: OperationDefinitionNode): Measure {
  const known = new Map<FragmentDefinitionNode, Measure>();

  function ofFragment(fragment: FragmentDefinitionNode | null | undefined): Measure {
    if (!fragment) return nothing;
    const before = known.get(fragment);
    if (before) return before;
    // A cycle is another rule's fault; here it must only end.
    known.set(fragment, nothing);
    const measured = ofSelections(fragment.selectionSet);
    known.set(fragment, measured);
    return measured;
  }

  function ofSelections({ selections }: SelectionSetNode): Measure {
    const total = { ...nothing };
    for (const selection of selections) {
      const part =
        selection.kind === Kind.FIELD
          ? ofField(selection)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? ofSelections(selection.selectionSet)
            : ofFragment(context.getFragment(selection.name.value));
      total.cost += part.cost;
      total.fields += part.fields;
      total.depth = Math.max(total.depth, part.depth);
    }
    return total;
  }

  function ofField(field: FieldNode): Measure {
    const cost = ownCost[field.name.value] ?? 1;
    if (!field.selectionSet) return { cost, depth: 1, fields: 1 };
    const inside = ofSelections(field.selectionSet);
    return { cost: cost + inside.cost * rowsOf(field), depth: 1 + inside.depth, fields: 1 };
  }

  return ofSelections(operation.selectionSet);
}

/** How many rows a list can have: as many as are asked for, or as any can when a variable says it. */
function rowsOf({ name, arguments: given = [] }: FieldNode): number {
  const list = lists[name.value];
  if (!list) return 1;
  const size = given.find((argument) => list.sizes.includes(argument.name.value))?.value;
  if (!size || size.kind === Kind.NULL) return list.unasked;
  return size.kind === Kind.INT ? Math.max(0, Number(size.value)) : list.most;
}

const page = { sizes: ["first", "last"], unasked: limits.defaultPageSize, most: limits.pageSize };

const lists: Record<string, { sizes: string[]; unasked: number; most: number }> = {
  apiTokens: page,
  auditTrail: page,
  usage: { sizes: ["days"], unasked: 30, most: limits.usageDays },
  // Not paged; what is usual.
  modules: { sizes: [], unasked: 10, most: 10 },
  events: { sizes: [], unasked: 5, most: 5 },
};

/** A variable that is nested without end would exhaust the stack where it is read. */
export const limitVariables: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ request }) {
        if (isDeeper(request.variables, maxVariableDepth))
          throw badInput(`A variable can be nested ${maxVariableDepth} deep at most.`);
      },
    };
  },
};

/** Goes no deeper than the limit itself. */
function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  for (const each of Object.values(value)) if (isDeeper(each, depth - 1)) return true;
  return false;
}

import {
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
} from "graphql";
import { costOfRow } from "./cost.js";
import { badInput } from "./errors.js";
import type { RequestContext } from "./request-context.js";

/** What is left of the cost that one request may have, whatever the length of the lists it reads. */
export interface Budget {
  left: number;
}

/** In plain fields of rows; see cost.ts. */
export const maxCost = 30_000;

/** `cost` may be unknown, when not all of the request has run. */
export function tooExpensive(cost?: number): string {
  const [what, limit] = [cost, maxCost].map((each) => each?.toLocaleString("en"));
  return `Request cost ${what ? `${what} ` : ""}exceeds the limit of ${limit}. Ask for fewer rows or fields, or split the request.`;
}

export const createBudget = (): Budget => ({ left: maxCost });

export function charge(budget: Budget, cost: number): void {
  budget.left -= cost;
  if (budget.left < 0) throw badInput(tooExpensive());
}

/**
 * Charges every list for its rows once they have been read. How long lists without pages are (people, modules) is known
 * only now; query-limits.ts has rejected what the request alone shows to be too expensive.
 */
export function chargeLists(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    if (type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || !isListType(getNullableType(field.type))) continue;
      field.resolve = async (root, args, context: RequestContext, info) => {
        const rows = await resolve(root, args, context, info);
        if (Array.isArray(rows)) charge(context.budget, rows.length * rowCostOf(info));
        return rows;
      };
    }
  }
  return schema;
}

/** The same for every row above: graphql gives the same nodes for each. */
const known = new WeakMap<GraphQLResolveInfo["fieldNodes"], number>();

function rowCostOf(info: GraphQLResolveInfo): number {
  const { fieldNodes, returnType } = info;
  const before = known.get(fieldNodes);
  if (before !== undefined) return before;
  const type = getNamedType(returnType);
  const selections = fieldNodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  const cost = isCompositeType(type) ? costOfRow(info, type, { kind: Kind.SELECTION_SET, selections }) : 0;
  known.set(fieldNodes, cost);
  return cost;
}

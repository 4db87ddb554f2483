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
import { charge } from "../context/budget.js";
import type { RequestContext } from "../context/request-context.js";
import { costOfRow } from "./cost.js";

/**
 * Charges every list for its rows once they have been read. The length of lists without pages (people, modules) is
 * known only then. query-limits.ts has already rejected requests that are too expensive by themselves.
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

/** The same for every parent row, as graphql passes the same nodes for each. */
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

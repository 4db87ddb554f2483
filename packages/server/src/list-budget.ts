import {
  type FieldNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNullableType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from "graphql";
import { badInput } from "./errors.js";
import type { RequestContext } from "./request-context.js";

/** What is left of the fields that one request may read from lists: however long those turn out to be. */
export interface Budget {
  left: number;
}

const maxFields = 30_000;
/** What a list costs by itself, in fields. */
const fieldsOfAList = 10;

export const createBudget = (): Budget => ({ left: maxFields });

/**
 * Charges every list that is resolved: itself, and its rows times the fields that are asked of each. How long lists are that have no
 * pages (people, modules, days) is known only now; query-limits.ts has refused what could be told from the request alone.
 */
export function chargeLists(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    if (type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || !isListType(getNullableType(field.type))) continue;
      field.resolve = async (root, args, context: RequestContext, info) => {
        const rows = await resolve(root, args, context, info);
        if (Array.isArray(rows)) charge(context.budget, fieldsOfAList + rows.length * fieldsAskedOf(info));
        return rows;
      };
    }
  }
  return schema;
}

function charge(budget: Budget, fields: number): void {
  budget.left -= fields;
  if (budget.left < 0) throw badInput(`The request reads more than ${maxFields} fields. Ask for fewer rows or fields.`);
}

/** The same for every row above: graphql gives the same nodes for each. */
const known = new WeakMap<readonly FieldNode[], number>();

function fieldsAskedOf({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  const before = known.get(fieldNodes);
  if (before !== undefined) return before;
  const ofFragment = new Map<string, number>();

  function count({ selections }: SelectionSetNode): number {
    return selections.reduce((total, selection) => {
      if (selection.kind === Kind.FIELD)
        return total + 1 + (selection.selectionSet ? count(selection.selectionSet) : 0);
      if (selection.kind === Kind.INLINE_FRAGMENT) return total + count(selection.selectionSet);
      const name = selection.name.value;
      const fragment = fragments[name];
      if (fragment && !ofFragment.has(name)) ofFragment.set(name, count(fragment.selectionSet));
      return total + (ofFragment.get(name) ?? 0);
    }, 0);
  }

  const asked = fieldNodes.reduce((total, { selectionSet }) => total + (selectionSet ? count(selectionSet) : 1), 0);
  known.set(fieldNodes, asked);
  return asked;
}

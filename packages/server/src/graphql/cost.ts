import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  getVariableValues,
  type InlineFragmentNode,
  isCompositeType,
  isLeafType,
  isListType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from "graphql";
import { Extensions } from "type-graphql";

/** The cost of a field. The unit is a plain field of a row, 2 to 3 µs of CPU as measured by bench/cost-fuzz.mjs. */
export interface FieldCost<Args> {
  /** Charged once, however little is returned. See `ownByDefault`. */
  own?: number | ((args: Args) => number);
  /**
   * How often everything selected inside counts: as many rows as the resolver reads with these arguments, which are
   * those it gets. Defaults to 1, and to 5 for a list: a typical length, as a list is charged for its actual length
   * once that is known. Throws BAD_USER_INPUT if the resolver would.
   */
  rows?: number | ((args: Args) => number);
}

/**
 * Fixed cost of a list of objects, a field of Query (a statement or two) or Mutation (a transaction), `__schema` and
 * `__type`, and any other field.
 */
const ownByDefault = { list: 20, query: 300, mutation: 1_200, introspection: 8_000, field: 1 };
/** Cost of each object, before any of its fields. */
const ownOfAnObject = 3;
const rowsOfAList = 5;

/** Declares a field's cost if the default is wrong. */
export const Cost = <Args>(cost: FieldCost<Args>) => Extensions({ cost });

/** For a connection's `edges` and `nodes`. The field that read the page has already counted its rows. */
export const rowsOfThePage: FieldCost<unknown> = { own: 1, rows: 1 };

export interface Measure {
  /** With every list at the length its arguments allow. */
  cost: number;
  /** Without the rows of lists, which are charged once they have been read. */
  withoutRows: number;
  depth: number;
  /** Fields of the selection itself, including those of its fragments. */
  fields: number;
}

/** The request a selection is part of, with its variables coerced. A resolver's `info` is one. */
type Request = Pick<GraphQLResolveInfo, "schema" | "fragments" | "variableValues">;
type Fragment = FragmentDefinitionNode | InlineFragmentNode;
type Field = GraphQLField<unknown, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: each field has its own arguments.
type Args = any;

/**
 * The cost of a validated operation before it runs. Null if the variables are invalid. Throws BAD_USER_INPUT for
 * arguments a resolver would reject, and a GraphQLError for a null where none is allowed.
 */
export function costOfOperation(
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
  { operation, selectionSet, variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Measure | null {
  const type = schema.getRootType(operation);
  const { coerced: variableValues } = getVariableValues(schema, variableDefinitions, variables);
  if (!type || !variableValues) return null;
  const fragments = Object.fromEntries(
    definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
  return measure({ schema, fragments, variableValues }, type, selectionSet);
}

/** The cost of a row of a list, without the rows of lists inside it, each of which is charged separately. */
export const costOfRow = (request: Request, type: GraphQLCompositeType, selections: SelectionSetNode): number =>
  ownOfAnObject + measure(request, type, selections).withoutRows;

const nothing: Measure = { cost: 0, withoutRows: 0, depth: 0, fields: 0 };

function maximumRows(field: Field, args: Args): number {
  const { rows = isList(field) && !isIntrospection(field) ? rowsOfAList : 1 } = declaredBy(field);
  return typeof rows === "number" ? rows : rows(args);
}

/** Measures each fragment once, however often it is spread, so that measuring itself costs next to nothing. */
function measure(request: Request, root: GraphQLCompositeType, roots: SelectionSetNode): Measure {
  const { schema, fragments, variableValues } = request;
  const ofFragments = new Map<string, Measure>();

  function ofSelections({ selections }: SelectionSetNode, type: GraphQLCompositeType): Measure {
    const total = { ...nothing };
    for (const selection of selections) {
      if (!isIncluded(selection, request)) continue;
      const { cost, withoutRows, depth, fields } = ofSelection(selection, type);
      total.cost += cost;
      total.withoutRows += withoutRows;
      total.depth = Math.max(total.depth, depth);
      total.fields += fields;
    }
    return total;
  }

  function ofSelection(selection: SelectionNode, type: GraphQLCompositeType): Measure {
    if (selection.kind === Kind.FIELD) return ofField(selection, type);
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofPart(selection, type);
    const { value: name } = selection.name;
    const measured = ofFragments.get(name) ?? ofPart(fragments[name], type);
    ofFragments.set(name, measured);
    return measured;
  }

  function ofPart(part: Fragment | undefined, type: GraphQLCompositeType): Measure {
    if (!part) return nothing;
    const narrowed = part.typeCondition && schema.getType(part.typeCondition.name.value);
    return ofSelections(part.selectionSet, isCompositeType(narrowed) ? narrowed : type);
  }

  function ofField(node: FieldNode, parent: GraphQLCompositeType): Measure {
    const field = fieldOf(parent, node.name.value);
    const type = getNamedType(field.type);
    const args = getArgumentValues(field, node, variableValues);
    const { own = ownByDefault[kindOf(field, parent, schema)] } = declaredBy(field);
    const once = typeof own === "number" ? own : own(args);
    if (!node.selectionSet || !isCompositeType(type)) return { cost: once, withoutRows: once, depth: 1, fields: 1 };
    const { cost, withoutRows, depth } = ofSelections(node.selectionSet, type);
    return {
      cost: once + (ownOfAnObject + cost) * maximumRows(field, args),
      withoutRows: isList(field) ? once : once + ownOfAnObject + withoutRows,
      depth: 1 + depth,
      fields: 1,
    };
  }

  return ofSelections(roots, root);
}

function isIncluded(selection: SelectionNode, { variableValues }: Request): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if !== false;
}

const metaFields: Record<string, Field> = Object.fromEntries(
  [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].map((field) => [field.name, field]),
);

function fieldOf(type: GraphQLCompositeType, name: string): Field {
  const field = (isUnionType(type) ? undefined : type.getFields()[name]) ?? metaFields[name];
  if (!field) throw new Error(`${type} has no field ${name}.`);
  return field;
}

const declaredBy = ({ extensions }: Field) => (extensions.cost ?? {}) as FieldCost<Args>;

function kindOf(field: Field, parent: GraphQLCompositeType, schema: GraphQLSchema): keyof typeof ownByDefault {
  if (field === SchemaMetaFieldDef || field === TypeMetaFieldDef) return "introspection";
  if (isIntrospection(field) || isLeafType(getNamedType(field.type))) return "field";
  if (parent === schema.getQueryType()) return "query";
  if (parent === schema.getMutationType()) return "mutation";
  return isList(field) ? "list" : "field";
}

const isList = ({ type }: Field) => isListType(getNullableType(type));
/** No larger than the schema. See `limitIntrospection`. */
const isIntrospection = ({ type }: Field) => getNamedType(type).name.startsWith("__");

import type { SearchParams } from "../../../lib/search-params";
import {
  conditionFault,
  countComparisons,
  depthOf,
  type FilterField,
  type FilterGroup,
  type FilterLimits,
  type FilterNode,
} from "../filter/filter-model";
import { formatFilter, parseFilter } from "../filter/filter-syntax";
import {
  defaultPageSize,
  type GridColumn,
  type GridState,
  pageSizes,
  type SortLevel,
  type WidthMode,
  widthModes,
} from "../grid-types";

/** Defines how a grid’s URL is read and written. */
export interface GridDefinition<Row> {
  columns: readonly GridColumn<Row>[];
  fields: readonly FilterField[];
  filterLimits: FilterLimits;
  /** Maximum number of sort levels. */
  sortLevels: number;
  searchLength: number;
  /** What to search for when a text is entered. The text itself by default. */
  searchTermOf?: (text: string) => string;
}

/** The URL’s parameters about the grid. */
export const gridParams = ["page", "rows", "q", "sort", "filter", "columns", "width"] as const;
type Names = (typeof gridParams)[number];

/** Returns the state and the names of invalid parameters, which fall back to their defaults. */
export function readGridUrl<Row>(params: SearchParams, grid: GridDefinition<Row>) {
  const problems: Names[] = [];
  function read<Value>(name: Names, fallback: Value, parse: (text: string) => Value | null): Value {
    const text = params[name];
    if (text === undefined || text === "") return fallback;
    const value = parse(String(text));
    if (value === null) problems.push(name);
    return value ?? fallback;
  }
  const state: GridState = {
    page: read("page", 1, readPage),
    pageSize: read("rows", defaultPageSize, (text) => pageSizes.find((size) => String(size) === text) ?? null),
    search: read("q", "", (text) => (text.length <= grid.searchLength ? text : null)),
    sort: read<SortLevel[]>("sort", [], (text) => readSort(text, grid)),
    filter: read<FilterGroup | null>("filter", null, (text) => readFilter(text, grid)),
    columns: read("columns", defaultColumns(grid), (text) => readColumns(text, grid)),
    width: read<WidthMode>("width", "default", (text) => widthModes.find((mode) => mode === text) ?? null),
  };
  return { state, problems };
}

/** Returns the parameters of a state. Defaults are undefined. */
export function writeGridUrl<Row>(state: GridState, grid: GridDefinition<Row>): Record<Names, string | undefined> {
  const sort = state.sort.map(({ column, descending }) => (descending ? `-${column}` : column)).join(",");
  const columns = state.columns.join(",");
  return {
    page: state.page > 1 ? String(state.page) : undefined,
    rows: state.pageSize === defaultPageSize ? undefined : String(state.pageSize),
    q: state.search || undefined,
    sort: sort || undefined,
    filter: state.filter ? formatFilter(state.filter) : undefined,
    columns: columns === defaultColumns(grid).join(",") ? undefined : columns,
    width: state.width === "default" ? undefined : state.width,
  };
}

export function defaultColumns<Row>({ columns }: Pick<GridDefinition<Row>, "columns">): string[] {
  return columns.filter(({ optional }) => !optional).map(({ id }) => id);
}

function readPage(text: string): number | null {
  // Seven digits, so that the offset at 100 rows per page fits in 32 bits.
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : null;
}

function readSort<Row>(text: string, { columns, sortLevels }: GridDefinition<Row>): SortLevel[] | null {
  const levels = text.split(",").map((part) => ({ column: part.replace(/^-/, ""), descending: part.startsWith("-") }));
  const ids = new Set(levels.map(({ column }) => column));
  const known = levels.every(({ column }) => columns.some(({ id, sortable }) => sortable && id === column));
  return known && ids.size === levels.length && levels.length <= sortLevels ? levels : null;
}

function readColumns<Row>(text: string, { columns }: GridDefinition<Row>): string[] | null {
  const wanted = text.split(",");
  if (!wanted.every((id) => columns.some((column) => column.id === id))) return null;
  return columns.filter(({ id, fixed }) => fixed || wanted.includes(id)).map(({ id }) => id);
}

function readFilter<Row>(text: string, { fields, filterLimits }: GridDefinition<Row>): FilterGroup | null {
  const filter = parseFilter(text);
  const { depth, conditions, joins } = filterLimits;
  if (!filter || depthOf(filter) > depth || countComparisons(filter) > conditions) return null;
  const isSound = (node: FilterNode): boolean =>
    node.kind === "group"
      ? joins.includes(node.join) && node.items.every(isSound)
      : conditionFault(node, fields) === null;
  return isSound(filter) ? filter : null;
}

import { dayOf, startOfDay } from "../../../lib/time-zone";

/** The grid’s filter: conditions and groups, joined by AND or OR. */
export interface FilterGroup {
  kind: "group";
  join: "and" | "or";
  items: FilterNode[];
}

export interface FilterCondition {
  kind: "condition";
  field: string;
  operator: Operator;
  values: string[];
}

export type FilterNode = FilterGroup | FilterCondition;

export type Operator =
  | "contains"
  | "equals"
  | "startsWith"
  | "anyOf"
  | "on"
  | "before"
  | "after"
  | "between"
  | "during"
  | "is";

export interface FilterOption {
  value: string;
  label: string;
}

/** A field that can be filtered. */
export type FilterField = { id: string; label: string } & (
  | { kind: "text" }
  /** Matched exactly, e.g. an ID. */
  | { kind: "exact" }
  | { kind: "date" }
  | { kind: "boolean" }
  | { kind: "enum"; options: readonly FilterOption[] }
  /** Options are fetched when the panel shows them. */
  | { kind: "pick"; useOptions: () => { options: readonly FilterOption[]; loading: boolean } }
);

export interface FilterLimits {
  /** Levels of groups, including the outermost. */
  depth: number;
  /** Comparisons, see countComparisons. */
  conditions: number;
  /** Only AND if the API can’t combine conditions with OR. */
  joins: readonly FilterGroup["join"][];
}

export const operatorsOf: Record<FilterField["kind"], readonly Operator[]> = {
  text: ["contains", "equals", "startsWith"],
  exact: ["equals"],
  enum: ["anyOf"],
  pick: ["anyOf"],
  date: ["during", "on", "before", "after", "between"],
  boolean: ["is"],
};

export const operatorLabels: Record<Operator, string> = {
  contains: "contains",
  equals: "equals",
  startsWith: "starts with",
  anyOf: "is any of",
  on: "is on",
  before: "is before",
  after: "is after",
  between: "is between",
  during: "is",
  is: "is",
};

export function newCondition(field: FilterField): FilterCondition {
  const [operator = "contains"] = operatorsOf[field.kind];
  return withOperator({ kind: "condition", field: field.id, operator, values: [] }, operator);
}

/** With another operator. Values that it can’t have are replaced by its default. */
export function withOperator(condition: FilterCondition, operator: Operator): FilterCondition {
  if (operator === "is") return { ...condition, operator, values: ["true"] };
  if (operator === "during") return { ...condition, operator, values: ["7d"] };
  return { ...condition, operator, values: condition.operator === "during" ? [] : condition.values };
}

export function countConditions(node: FilterNode): number {
  return node.kind === "condition" ? 1 : node.items.reduce((sum, item) => sum + countConditions(item), 0);
}

const ranges = new Set<Operator>(["on", "between", "during"]);

/** What the API counts. A date range needs two comparisons. */
export function countComparisons(node: FilterNode): number {
  if (node.kind === "condition") return ranges.has(node.operator) ? 2 : 1;
  return node.items.reduce((sum, item) => sum + countComparisons(item), 0);
}

/** Periods relative to today, which stay relative in views and links. */
export const periods = {
  today: "today",
  yesterday: "yesterday",
  "7d": "in the last 7 days",
  "30d": "in the last 30 days",
  "90d": "in the last 90 days",
};

export function depthOf(node: FilterNode): number {
  return node.kind === "condition" ? 0 : 1 + Math.max(0, ...node.items.map(depthOf));
}

/** The error to show for a condition, or null if it is valid. */
export function conditionFault({ field: id, operator, values }: FilterCondition, fields: readonly FilterField[]) {
  const field = fields.find((each) => each.id === id);
  if (!field || !operatorsOf[field.kind].includes(operator)) return "Choose a field and an operator.";
  const known: Record<FilterField["kind"], () => string | null> = {
    text: () => textFault(values),
    exact: () => textFault(values),
    enum: () =>
      values.length > 0 && values.every((value) => isOption(field, value)) ? null : "Select at least one option.",
    pick: () => (values.length > 0 && values.length <= 100 ? null : "Select at least one option."),
    boolean: () => (values.length === 1 && ["true", "false"].includes(values[0] ?? "") ? null : "Choose yes or no."),
    date: () => dateFault(operator, values),
  };
  return known[field.kind]();
}

function textFault([text, ...others]: string[]): string | null {
  return text && text.length <= 200 && others.length === 0 ? null : "Enter a value.";
}

function isOption(field: FilterField, value: string): boolean {
  return field.kind === "enum" && field.options.some((option) => option.value === value);
}

function dateFault(operator: Operator, values: string[]): string | null {
  if (operator === "during") return values.length === 1 && (values[0] ?? "") in periods ? null : "Choose a period.";
  if (values.length !== (operator === "between" ? 2 : 1) || !values.every(isDay)) return "Enter a date.";
  const [from = "", to = from] = values;
  return from <= to ? null : "The end date can’t be before the start date.";
}

/** Accepts YYYY-MM-DD for an existing date. */
function isDay(text: string): boolean {
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Removes incomplete conditions and empty groups. Null if nothing is left. */
export function pruneFilter(group: FilterGroup, fields: readonly FilterField[]): FilterGroup | null {
  const items = group.items.flatMap((item): FilterNode[] => {
    if (item.kind === "condition") return conditionFault(item, fields) ? [] : [item];
    const pruned = pruneFilter(item, fields);
    return pruned ? [pruned] : [];
  });
  return items.length > 0 ? { ...group, items } : null;
}

/** The start of the first day and the end of the last, in the user’s time zone. */
export function dayRange({ operator, values }: FilterCondition, now = new Date()): { from?: string; to?: string } {
  if (operator === "during") return periodRange(values[0] ?? "today", now);
  const [first = "", last = first] = values;
  const start = startOfDay(first).toISOString();
  const afterLast = startOfDay(last, 1).toISOString();
  if (operator === "before") return { to: start };
  if (operator === "after") return { from: afterLast };
  return { from: start, to: afterLast };
}

function periodRange(period: string, now: Date) {
  const startOf = (offset: number) => startOfDay(dayOf(now), offset).toISOString();
  if (period === "yesterday") return { from: startOf(-1), to: startOf(0) };
  return { from: startOf(1 - (Number.parseInt(period, 10) || 1)), to: startOf(1) };
}

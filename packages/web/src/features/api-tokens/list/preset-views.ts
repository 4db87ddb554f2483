import { useQuery } from "@apollo/client/react";
import type { FilterCondition, FilterGroup } from "../../../components/data-grid/filter/filter-model";
import { formatFilter } from "../../../components/data-grid/filter/filter-syntax";
import { graphql } from "../../../gql/gql";
import { dayOf, startOfDay } from "../../../lib/time-zone";
import type { View } from "../../saved-views/view";
import { toFilter } from "./to-filter";

const countsDocument = graphql(/* GraphQL */ `
  query ApiTokenViewCounts(
    $neverUsed: ApiTokenFilter
    $idle: ApiTokenFilter
    $noExpiry: ApiTokenFilter
    $expiring: ApiTokenFilter
    $disabled: ApiTokenFilter
  ) {
    neverUsed: apiTokens(first: 1, filter: $neverUsed) {
      total: countUpTo
    }
    idle: apiTokens(first: 1, filter: $idle) {
      total: countUpTo
    }
    noExpiry: apiTokens(first: 1, filter: $noExpiry) {
      total: countUpTo
    }
    expiring: apiTokens(first: 1, filter: $expiring) {
      total: countUpTo
    }
    disabled: apiTokens(first: 1, filter: $disabled) {
      total: countUpTo
    }
  }
`);

const names = {
  neverUsed: "Never used",
  idle: "Idle for 90 days",
  noExpiry: "No expiry",
  expiring: "Expiring within 30 days",
  disabled: "Disabled for 90 days",
} as const;
type Preset = keyof typeof names;
const presets = Object.keys(names) as Preset[];

/** The most urgent first, as far as a column can tell. */
const sorts: Record<Preset, string> = {
  neverUsed: "createdAt",
  idle: "lastAccessAt",
  noExpiry: "createdAt",
  expiring: "expiresAt",
  disabled: "createdAt",
};

function conditionsOn(today: Date): Record<Preset, FilterCondition[]> {
  const day = (offset: number) => dayOf(startOfDay(dayOf(today), offset));
  const condition = (field: string, operator: FilterCondition["operator"], ...values: string[]) =>
    ({ kind: "condition", field, operator, values }) as const;
  return {
    neverUsed: [condition("neverUsed", "is", "true")],
    idle: [condition("lastAccessAt", "before", day(-90))],
    noExpiry: [condition("noExpiry", "is", "true")],
    expiring: [condition("expiresAt", "between", day(0), day(30))],
    disabled: [condition("status", "anyOf", "DISABLED"), condition("disabledAt", "before", day(-90))],
  };
}

const filterOf = (items: FilterCondition[]): FilterGroup => ({ kind: "group", join: "and", items });

/** Views for keeping an account’s tokens tidy. */
export function presetViews(today = new Date()): View[] {
  const conditions = conditionsOn(today);
  return presets.map((preset) => ({
    name: names[preset],
    params: { sort: sorts[preset], filter: formatFilter(filterOf(conditions[preset])) },
  }));
}

/** How many tokens each preset view has, by its name. Empty until known. */
export function usePresetCounts(): Record<string, number> {
  const conditions = conditionsOn(new Date());
  const filters = presets.map((preset) => [preset, toFilter("", filterOf(conditions[preset]))]);
  const { data } = useQuery(countsDocument, {
    variables: Object.fromEntries(filters),
    fetchPolicy: "cache-and-network",
  });
  return data ? Object.fromEntries(presets.map((preset) => [names[preset], data[preset].total])) : {};
}

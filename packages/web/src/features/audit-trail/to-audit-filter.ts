import { dayRange, type FilterCondition, type FilterGroup } from "../../components/data-grid/filter/filter-model";
import type { AuditRecordFilter } from "../../gql/graphql";

/** The API takes one list of each kind and one time range, so conditions of the same kind are intersected. */
export function toAuditFilter(filter: FilterGroup | null): AuditRecordFilter | null {
  if (!filter) return null;
  const result: AuditRecordFilter = {};
  for (const item of filter.items) if (item.kind === "condition") narrow(result, item);
  return result;
}

const lists = { object: "objectIds", actor: "actorIds", event: "events" } as const;

function narrow(result: AuditRecordFilter, condition: FilterCondition) {
  const { field, values } = condition;
  if (field === "at") {
    const { from, to } = dayRange(condition);
    result.at = { ...latest(result.at?.from, from), ...earliest(result.at?.to, to) };
    return;
  }
  const list = lists[field as keyof typeof lists];
  const before = result[list];
  result[list] = before ? before.filter((value) => values.includes(value)) : values;
}

function latest(...moments: (string | null | undefined)[]) {
  const from = moments
    .filter((moment) => !!moment)
    .sort()
    .at(-1);
  return from ? { from } : {};
}

function earliest(...moments: (string | null | undefined)[]) {
  const [to] = moments.filter((moment) => !!moment).sort();
  return to ? { to } : {};
}

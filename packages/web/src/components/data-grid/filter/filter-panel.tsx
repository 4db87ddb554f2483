import { Button, Group, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { FilterGroupEditor } from "./filter-group-editor";
import {
  conditionFault,
  countComparisons,
  type FilterField,
  type FilterGroup,
  type FilterLimits,
  type FilterNode,
  newCondition,
  pruneFilter,
} from "./filter-model";

interface FilterPanelProps {
  fields: readonly FilterField[];
  limits: FilterLimits;
  filter: FilterGroup | null;
  /** The field whose column menu opened the panel. */
  startWith: FilterField | null;
  onApply: (filter: FilterGroup | null) => void;
}

/** Edits a draft of the filter. No request is sent until it is applied. */
export function FilterPanel({ fields, limits, filter, startWith, onApply }: FilterPanelProps) {
  const [draft, setDraft] = useState(() => firstDraft(fields, filter, startWith));
  const [showsFaults, setShowsFaults] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (hasFault(draft, fields)) return setShowsFaults(true);
    onApply(pruneFilter(draft, fields));
  }

  return (
    <form onSubmit={submit} aria-label="Filter">
      <FilterGroupEditor
        group={draft}
        onChange={setDraft}
        fields={fields}
        joins={limits.joins}
        levelsLeft={limits.depth - 1}
        canAdd={countComparisons(draft) < limits.conditions}
        showsFaults={showsFaults}
      />
      {countComparisons(draft) >= limits.conditions && (
        <Text size="xs" c="dimmed" mt="xs">
          A filter can have up to {limits.conditions} conditions.
        </Text>
      )}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button size="xs" variant="subtle" color="gray" onClick={() => onApply(null)}>
          Clear
        </Button>
        <Button size="xs" type="submit">
          Apply
        </Button>
      </Group>
    </form>
  );
}

function firstDraft(
  fields: readonly FilterField[],
  filter: FilterGroup | null,
  startWith: FilterField | null,
): FilterGroup {
  const [first] = fields;
  if (filter && !startWith) return filter;
  const condition = startWith ?? first;
  const added = condition ? [newCondition(condition)] : [];
  if (!filter) return { kind: "group", join: "and", items: added };
  // Adding it to an OR group would change its meaning, so put it beside the group.
  if (filter.join === "and") return { ...filter, items: [...filter.items, ...added] };
  return { kind: "group", join: "and", items: [filter, ...added] };
}

function hasFault(node: FilterNode, fields: readonly FilterField[]): boolean {
  if (node.kind === "condition") return conditionFault(node, fields) !== null;
  return node.items.some((item) => hasFault(item, fields));
}

import { ActionIcon, Button, Group, NativeSelect, Stack } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import classes from "../data-grid.module.css";
import { FilterConditionEditor } from "./filter-condition-editor";
import { type FilterField, type FilterGroup, type FilterNode, newCondition } from "./filter-model";

interface FilterGroupEditorProps {
  group: FilterGroup;
  onChange: (group: FilterGroup) => void;
  onRemove?: () => void;
  fields: readonly FilterField[];
  /** How many levels of groups this one may contain. */
  levelsLeft: number;
  canAdd: boolean;
  joins: readonly FilterGroup["join"][];
  showsFaults: boolean;
}

const joinLabels = { and: "Match all (AND)", or: "Match any (OR)" };

export function FilterGroupEditor(props: FilterGroupEditorProps) {
  const { group, onChange, onRemove, fields, levelsLeft, canAdd, showsFaults } = props;
  const { items, join } = group;
  const [first] = fields;
  const add = (node: FilterNode) => onChange({ ...group, items: [...items, node] });
  const replace = (old: FilterNode, next: FilterNode) =>
    onChange({ ...group, items: items.map((item) => (item === old ? next : item)) });
  const remove = (old: FilterNode) => onChange({ ...group, items: items.filter((item) => item !== old) });

  return (
    <fieldset className={classes.filterGroup} data-nested={onRemove ? "" : undefined}>
      <legend className={classes.filterLegend}>{onRemove ? "Condition group" : "Conditions"}</legend>
      <Stack gap="xs">
        <Group gap={6} wrap="nowrap" justify="space-between">
          <NativeSelect
            size="xs"
            w={190}
            aria-label="Match"
            data={props.joins.map((value) => ({ value, label: joinLabels[value] }))}
            value={join}
            onChange={(event) => onChange({ ...group, join: event.currentTarget.value as FilterGroup["join"] })}
          />
          {onRemove && (
            <ActionIcon variant="subtle" color="gray" aria-label="Remove group" onClick={onRemove}>
              <IconX size={16} aria-hidden="true" />
            </ActionIcon>
          )}
        </Group>
        {items.map((item, index) =>
          item.kind === "condition" ? (
            <FilterConditionEditor
              // biome-ignore lint/suspicious/noArrayIndexKey: conditions are identified only by their position
              key={index}
              condition={item}
              fields={fields}
              showsFault={showsFaults}
              onChange={(next) => replace(item, next)}
              onRemove={() => remove(item)}
            />
          ) : (
            <FilterGroupEditor
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              key={index}
              {...props}
              group={item}
              levelsLeft={levelsLeft - 1}
              onChange={(next) => replace(item, next)}
              onRemove={() => remove(item)}
            />
          ),
        )}
        <Group gap={6}>
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconPlus size={14} aria-hidden="true" />}
            disabled={!canAdd}
            onClick={() => first && add(newCondition(first))}
          >
            Add condition
          </Button>
          {levelsLeft > 0 && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              disabled={!canAdd}
              onClick={() =>
                first && add({ kind: "group", join: join === "and" ? "or" : "and", items: [newCondition(first)] })
              }
            >
              Add group
            </Button>
          )}
        </Group>
      </Stack>
    </fieldset>
  );
}

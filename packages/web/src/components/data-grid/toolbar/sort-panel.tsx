import { ActionIcon, Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconPlus, IconX } from "@tabler/icons-react";
import type { GridColumn, GridState, SortLevel } from "../grid-types";
import type { GridUrl } from "../url/use-grid-url";

interface SortPanelProps {
  columns: readonly GridColumn<never>[];
  /** Maximum number of levels. */
  levels: number;
  state: GridState;
  change: GridUrl["change"];
}

/** Edits the sort levels. Each change applies immediately. */
export function SortPanel({ columns, levels, state: { sort }, change }: SortPanelProps) {
  const sortable = columns.filter((column) => column.sortable);
  const unused = sortable.filter(({ id }) => sort.every(({ column }) => column !== id));
  const set = (next: SortLevel[]) => change({ sort: next });

  return (
    <Stack gap="xs">
      {sort.length === 0 && (
        <Text size="sm" c="dimmed">
          Rows appear in the default order.
        </Text>
      )}
      {sort.map((level, index) => (
        <SortRow
          key={level.column}
          level={level}
          position={index}
          count={sort.length}
          choices={sortable.filter(({ id }) => id === level.column || unused.some((column) => column.id === id))}
          onChange={(next) => set(sort.map((each) => (each === level ? next : each)))}
          onMove={(to) => set(moved(sort, index, to))}
          onRemove={() => set(sort.filter((each) => each !== level))}
        />
      ))}
      <Group justify="space-between" mt={4}>
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconPlus size={14} aria-hidden="true" />}
          disabled={unused.length === 0 || sort.length >= levels}
          onClick={() => unused[0] && set([...sort, { column: unused[0].id, descending: false }])}
        >
          Add level
        </Button>
        {sort.length > 0 && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => set([])}>
            Clear
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface SortRowProps {
  level: SortLevel;
  position: number;
  count: number;
  choices: readonly GridColumn<never>[];
  onChange: (level: SortLevel) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

function SortRow({ level, position, count, choices, onChange, onMove, onRemove }: SortRowProps) {
  const label = choices.find(({ id }) => id === level.column)?.label ?? level.column;
  return (
    <Group gap={6} wrap="nowrap">
      <NativeSelect
        size="xs"
        flex={1}
        aria-label={position === 0 ? "Sort by" : "Then by"}
        data={choices.map(({ id, label: text }) => ({ value: id, label: text }))}
        value={level.column}
        onChange={(event) => onChange({ ...level, column: event.currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        w={116}
        aria-label={`Direction of ${label}`}
        data={[
          { value: "asc", label: "Ascending" },
          { value: "desc", label: "Descending" },
        ]}
        value={level.descending ? "desc" : "asc"}
        onChange={(event) => onChange({ ...level, descending: event.currentTarget.value === "desc" })}
      />
      <ActionIcon.Group>
        <ActionIcon
          variant="default"
          aria-label={`Move ${label} up`}
          disabled={position === 0}
          onClick={() => onMove(position - 1)}
        >
          <IconChevronUp size={16} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={`Move ${label} down`}
          disabled={position === count - 1}
          onClick={() => onMove(position + 1)}
        >
          <IconChevronDown size={16} aria-hidden="true" />
        </ActionIcon>
      </ActionIcon.Group>
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove sort by ${label}`} onClick={onRemove}>
        <IconX size={16} aria-hidden="true" />
      </ActionIcon>
    </Group>
  );
}

function moved(levels: SortLevel[], from: number, to: number): SortLevel[] {
  const next = [...levels];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

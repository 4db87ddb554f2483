import "@mantine/core/styles/Divider.css";
import "@mantine/core/styles/Fieldset.css";
import "@mantine/core/styles/Radio.css";
import { Button, Checkbox, Divider, Fieldset, Group, Radio, Stack } from "@mantine/core";
import type { GridState, WidthMode } from "../grid-types";
import { defaultColumns, type GridDefinition } from "../url/grid-url";
import type { GridUrl } from "../url/use-grid-url";

interface ColumnsPanelProps {
  grid: GridDefinition<never>;
  state: GridState;
  change: GridUrl["change"];
}

const widths: { mode: WidthMode; label: string }[] = [
  { mode: "default", label: "Default" },
  { mode: "content", label: "Fit to content" },
  { mode: "screen", label: "Fit to screen" },
];

/** Chooses the visible columns and their width. */
export function ColumnsPanel({ grid, state, change }: ColumnsPanelProps) {
  const toggle = (id: string, shown: boolean) => {
    const ids = grid.columns.map((column) => column.id);
    change({ columns: ids.filter((each) => (each === id ? shown : state.columns.includes(each))) });
  };
  return (
    <>
      <Fieldset variant="unstyled" legend="Show">
        <Stack gap={8} mt={6}>
          {grid.columns.map(({ id, label, fixed }) => (
            <Checkbox
              key={id}
              size="sm"
              label={label}
              checked={state.columns.includes(id)}
              disabled={fixed ?? false}
              onChange={(event) => toggle(id, event.currentTarget.checked)}
            />
          ))}
        </Stack>
      </Fieldset>
      <Divider my="sm" />
      <Radio.Group
        label="Width"
        size="sm"
        value={state.width}
        onChange={(width) => change({ width: width as WidthMode })}
      >
        <Stack gap={8} mt={6}>
          {widths.map(({ mode, label }) => (
            <Radio key={mode} size="sm" value={mode} label={label} />
          ))}
        </Stack>
      </Radio.Group>
      <Group justify="flex-end" mt="sm">
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={() => change({ columns: defaultColumns(grid), width: "default" })}
        >
          Reset
        </Button>
      </Group>
    </>
  );
}

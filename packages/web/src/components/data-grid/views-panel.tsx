import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconLayoutGrid, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useMemo, useState } from "react";
import type { SearchParams } from "../search-params";
import classes from "./data-grid.module.css";
import { type GridDefinition, writeGridAddress } from "./grid-address";
import { gridStorage, type SavedView } from "./grid-storage";
import { ToolPopover } from "./tool-popover";
import type { GridAddress } from "./use-grid-address";

interface ViewsPanelProps<Row> {
  id: string;
  scope: string;
  grid: GridDefinition<Row>;
  address: GridAddress;
}

const defaultView: SavedView = { name: "Default view", params: {} };

/** Named states of the grid, kept in this browser for each account. */
export function ViewsPanel<Row>({ id, scope, grid, address }: ViewsPanelProps<Row>) {
  const storage = useMemo(() => gridStorage(id, scope), [id, scope]);
  const [views, setViews] = useState(storage.readViews);
  const [opened, setOpened] = useState(false);
  const current = viewParams(writeGridAddress({ ...address.state, page: 1 }, grid));
  const active = [defaultView, ...views].find(({ params }) => isSame(params, current));

  function keep(next: SavedView[]) {
    setViews(next);
    storage.writeViews(next);
  }

  function show(view: SavedView) {
    address.show(view.params);
    setOpened(false);
  }

  return (
    <ToolPopover
      label={active?.name ?? "Unsaved view"}
      icon={<IconLayoutGrid size={16} aria-hidden="true" />}
      width={300}
      opened={opened}
      onChange={setOpened}
    >
      <Stack gap={2} component="ul" className={classes.views} aria-label="Views">
        {[defaultView, ...views].map((view) => (
          <Group key={view.name} component="li" gap={4} wrap="nowrap">
            <Button
              variant={view === active ? "light" : "subtle"}
              color={view === active ? "pine" : "gray"}
              size="compact-sm"
              justify="flex-start"
              className={classes.view}
              aria-current={view === active || undefined}
              onClick={() => show(view)}
            >
              {view.name}
            </Button>
            {view !== defaultView && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete view ${view.name}`}
                onClick={() => keep(views.filter((each) => each !== view))}
              >
                <IconTrash size={16} aria-hidden="true" />
              </ActionIcon>
            )}
          </Group>
        ))}
      </Stack>
      <SaveView
        names={[defaultView, ...views].map(({ name }) => name)}
        onSave={(name) => keep([...views, { name, params: current }])}
      />
    </ToolPopover>
  );
}

function SaveView({ names, onSave }: { names: string[]; onSave: (name: string) => void }) {
  const [fault, setFault] = useState<string | null>(null);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get("view") ?? "").trim();
    if (!name) return setFault("Enter a name.");
    if (names.includes(name)) return setFault("There is a view of this name.");
    setFault(null);
    form.reset();
    onSave(name);
  }
  return (
    <form className={classes.saveView} onSubmit={submit}>
      <Text size="sm" fw={600} mb={6}>
        Save what is shown
      </Text>
      <Group gap={6} align="flex-start" wrap="nowrap">
        <TextInput
          size="xs"
          flex={1}
          name="view"
          maxLength={60}
          aria-label="Name of the view"
          placeholder="Name"
          error={fault}
        />
        <Button size="xs" type="submit">
          Save
        </Button>
      </Group>
    </form>
  );
}

function viewParams(params: Record<string, string | undefined>): SearchParams {
  return Object.fromEntries(Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function isSame(a: SearchParams, b: SearchParams): boolean {
  return (
    Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, value]) => b[name] === value)
  );
}

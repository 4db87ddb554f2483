import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { SearchParams } from "../../../lib/search-params";
import classes from "../data-grid.module.css";
import type { SavedView } from "../grid-storage";

interface ViewsPanelProps {
  /** The default view and the presets, followed by the saved ones. */
  views: SavedView[];
  isOwn: (view: SavedView) => boolean;
  /** The number of rows in some views, by name. */
  useCounts: () => Record<string, number>;
  active: SavedView | undefined;
  /** The parameters that "Save" stores. */
  current: SearchParams;
  onShow: (view: SavedView) => void;
  onKeep: (views: SavedView[]) => void;
}

/** Lists, saves and deletes the grid’s named views. */
export function ViewsPanel({ views, isOwn, useCounts, active, current, onShow, onKeep }: ViewsPanelProps) {
  const counts = useCounts();
  return (
    <>
      <Stack gap={2} component="ul" className={classes.views} aria-label="Views">
        {views.map((view) => (
          <Group key={view.name} component="li" gap={4} wrap="nowrap">
            <Button
              variant={view === active ? "light" : "subtle"}
              color={view === active ? "pine" : "gray"}
              size="compact-sm"
              justify="flex-start"
              className={classes.view}
              aria-current={view === active || undefined}
              onClick={() => onShow(view)}
            >
              {view.name}
            </Button>
            {counts[view.name] !== undefined && (
              <Text size="sm" c="dimmed" aria-label={rows(counts[view.name] ?? 0)}>
                {counts[view.name]?.toLocaleString("en")}
              </Text>
            )}
            {isOwn(view) && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete view ${view.name}`}
                onClick={() => onKeep(views.filter((each) => each !== view))}
              >
                <IconTrash size={16} aria-hidden="true" />
              </ActionIcon>
            )}
          </Group>
        ))}
      </Stack>
      <SaveView
        names={views.map(({ name }) => name)}
        onSave={(name) => onKeep([...views, { name, params: current }])}
      />
    </>
  );
}

const rows = (count: number) => `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`;

function SaveView({ names, onSave }: { names: string[]; onSave: (name: string) => void }) {
  const [fault, setFault] = useState<string | null>(null);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get("view") ?? "").trim();
    if (!name) return setFault("Enter a name.");
    if (names.includes(name)) return setFault("A view with this name already exists.");
    setFault(null);
    form.reset();
    onSave(name);
  }
  return (
    <form className={classes.saveView} onSubmit={submit}>
      <Text size="sm" fw={600} mb={6}>
        Save current view
      </Text>
      <Group gap={6} align="flex-start" wrap="nowrap">
        <TextInput
          size="xs"
          flex={1}
          name="view"
          maxLength={60}
          aria-label="View name"
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

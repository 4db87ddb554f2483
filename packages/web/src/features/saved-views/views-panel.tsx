import { useApolloClient } from "@apollo/client/react";
import { limits } from "@hallpass/shared";
import { ActionIcon, Button, Group, Stack, Text } from "@mantine/core";
import { IconPencil, IconStarFilled, IconUsers } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { SavedViewList } from "../../gql/graphql";
import { countedUpTo, isUncounted, number } from "../../lib/counted";
import type { SearchParams } from "../../lib/search-params";
import { readViews } from "./change-views";
import { EditView } from "./edit-view";
import { SaveView } from "./save-view";
import type { SavedView } from "./saved-views";
import type { View } from "./view";
import classes from "./views.module.css";

interface ViewsPanelProps {
  list: SavedViewList;
  /** All rows and the presets. */
  fixed: View[];
  saved: SavedView[];
  useCounts: () => Record<string, number>;
  active: View | undefined;
  /** The list’s present parameters. */
  current: SearchParams;
  onShow: (view: View) => void;
}

/** Lists, saves and edits a list’s views. */
export function ViewsPanel({ list, fixed, saved, useCounts, active, current, onShow }: ViewsPanelProps) {
  const client = useApolloClient();
  const counts = useCounts();
  const [editing, setEditing] = useState<string | null>(null);
  const edited = saved.find(({ id }) => id === editing);
  useEffect(() => {
    // Without it, the views known so far are listed.
    readViews(client).catch(() => undefined);
  }, [client]);
  if (edited) return <EditView view={edited} current={current} onClose={() => setEditing(null)} />;

  const nameButton = (view: View) => (
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
  );
  return (
    <>
      <Stack gap={2} component="ul" className={classes.views} aria-label="Views">
        {fixed.map((view) => (
          <Group key={view.name} component="li" gap={4} wrap="nowrap">
            {nameButton(view)}
            <Count of={counts[view.name]} />
          </Group>
        ))}
        {saved.map((view) => (
          <Group key={view.id} component="li" gap={4} wrap="nowrap">
            {nameButton(view)}
            {view.isDefault && <Mark label="Default" icon={IconStarFilled} />}
            {view.shared && <Mark label="Shared" icon={IconUsers} />}
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Edit view ${view.name}`}
              onClick={() => setEditing(view.id)}
            >
              <IconPencil size={16} aria-hidden="true" />
            </ActionIcon>
          </Group>
        ))}
      </Stack>
      <SaveView list={list} current={current} />
    </>
  );
}

function Count({ of: count }: { of: number | undefined }) {
  if (count === undefined) return null;
  return (
    <Text size="sm" c="dimmed" aria-label={countedUpTo(count, "row")}>
      {isUncounted(count) ? `over ${number(limits.countedRows)}` : number(count)}
    </Text>
  );
}

function Mark({ label, icon: Icon }: { label: string; icon: typeof IconUsers }) {
  return (
    <Text component="span" c="dimmed" role="img" aria-label={label} title={label} className={classes.mark}>
      <Icon size={14} aria-hidden="true" />
    </Text>
  );
}

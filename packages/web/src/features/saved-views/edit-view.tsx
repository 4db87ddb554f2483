import { useApolloClient } from "@apollo/client/react";
import { limits } from "@hallpass/shared";
import { Alert, Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { PendingButton } from "../../components/pending-button";
import { type SearchParams, stringifySearchParams } from "../../lib/search-params";
import { useCan } from "../session/viewer";
import { changes, makeChange } from "./change-views";
import type { SavedView } from "./saved-views";
import { hasSameParams } from "./view";

interface EditViewProps {
  view: SavedView;
  /** The list’s present parameters. */
  current: SearchParams;
  onClose: () => void;
}

/** Renames, shares, replaces or deletes a view, or makes it the default. Only the last is for everyone. */
export function EditView({ view, current, onClose }: EditViewProps) {
  const client = useApolloClient();
  const mayShare = useCan("savedView:share");
  const mayChange = mayShare || !view.shared;
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState<"save" | "delete" | null>(null);
  const [asksToDelete, setAsksToDelete] = useState(false);

  async function run(what: "save" | "delete", change: Parameters<typeof makeChange>[1]) {
    if (pending) return;
    setPending(what);
    const fault = await makeChange(client, change);
    setPending(null);
    setError(fault);
    if (!fault) onClose();
  }
  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const input = {
      id: view.id,
      isDefault: given.has("isDefault"),
      ...(mayChange && { name: String(given.get("name") ?? "") }),
      ...(mayShare && { shared: given.has("shared") }),
      ...(given.has("replace") && { query: stringifySearchParams(current).slice(1) }),
    };
    void run("save", () => changes.update(client, input));
  }

  if (asksToDelete)
    return (
      <Stack gap="sm">
        <Text size="sm">
          Delete the view <b>{view.name}</b>? {view.shared && "Everyone in the account loses it."}
        </Text>
        <Failure of={error} />
        <Group gap={6} justify="flex-end">
          <Button size="xs" variant="default" data-autofocus autoFocus onClick={() => setAsksToDelete(false)}>
            Cancel
          </Button>
          <PendingButton
            size="xs"
            color="red"
            pending={pending === "delete"}
            onClick={() => run("delete", () => changes.remove(client, view.id))}
          >
            Delete view
          </PendingButton>
        </Group>
      </Stack>
    );
  return (
    <form onSubmit={save} aria-label={`Edit view ${view.name}`}>
      <Stack gap="sm">
        {mayChange ? (
          <TextInput
            size="xs"
            label="Name"
            name="name"
            defaultValue={view.name}
            maxLength={limits.viewNameLength}
            data-autofocus
            autoFocus
          />
        ) : (
          <Text size="sm">
            <b>{view.name}</b> is shared. Only administrators can change it.
          </Text>
        )}
        <Checkbox
          size="xs"
          name="isDefault"
          label="Open the list in this view"
          description="Only for you"
          defaultChecked={view.isDefault}
        />
        {mayShare && (
          <Checkbox size="xs" name="shared" label="Share with everyone in the account" defaultChecked={view.shared} />
        )}
        {mayChange && !hasSameParams(view.params, current) && (
          <Checkbox
            size="xs"
            name="replace"
            label="Replace with the current view"
            description="Filter, sort order and columns"
          />
        )}
        <Failure of={error} />
        <Group gap={6} justify="space-between">
          {mayChange ? (
            <Button size="xs" variant="subtle" color="red" onClick={() => setAsksToDelete(true)}>
              Delete
            </Button>
          ) : (
            <span />
          )}
          <Group gap={6}>
            <Button size="xs" variant="default" onClick={onClose}>
              Cancel
            </Button>
            <PendingButton size="xs" type="submit" pending={pending === "save"}>
              Save
            </PendingButton>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

function Failure({ of: error }: { of: string | null }) {
  if (!error) return null;
  return (
    <Alert color="red" variant="light" role="alert">
      {error}
    </Alert>
  );
}

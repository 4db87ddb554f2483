import { useApolloClient } from "@apollo/client/react";
import { limits } from "@hallpass/shared";
import { Checkbox, Group, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { PendingButton } from "../../components/pending-button";
import type { SavedViewList } from "../../gql/graphql";
import { type SearchParams, stringifySearchParams } from "../../lib/search-params";
import { useCan } from "../session/viewer";
import { changes, makeChange } from "./change-views";
import classes from "./views.module.css";

/** Saves the list as it is shown under a name. */
export function SaveView({ list, current }: { list: SavedViewList; current: SearchParams }) {
  const client = useApolloClient();
  const mayShare = useCan("savedView:share");
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const form = event.currentTarget;
    const given = new FormData(form);
    const input = {
      list,
      name: String(given.get("name") ?? ""),
      query: stringifySearchParams(current).slice(1),
      shared: given.has("shared"),
    };
    setPending(true);
    const fault = await makeChange(client, () => changes.create(client, input));
    setPending(false);
    setError(fault);
    if (!fault) form.reset();
  }
  return (
    <form className={classes.form} data-below onSubmit={submit}>
      <Text size="sm" fw={600} mb={6}>
        Save current view
      </Text>
      <Group gap={6} align="flex-start" wrap="nowrap">
        <TextInput
          size="xs"
          flex={1}
          name="name"
          maxLength={limits.viewNameLength}
          aria-label="View name"
          placeholder="Name"
          error={error}
        />
        <PendingButton size="xs" type="submit" pending={pending}>
          Save
        </PendingButton>
      </Group>
      {mayShare && <Checkbox size="xs" mt={8} name="shared" label="Share with everyone in the account" />}
    </form>
  );
}

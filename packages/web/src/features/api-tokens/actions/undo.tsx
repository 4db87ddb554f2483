import type { ApolloClient } from "@apollo/client";
import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { counted } from "../../../lib/counted";
import { errorMessage } from "../../../lib/error-message";
import { type BulkFailure, changeApiTokens } from "../mutations/bulk-mutations";
import { inChunks } from "../mutations/in-chunks";

/** How long an action can be undone, in ms. */
const undoFor = 10_000;

interface Done {
  action: "ENABLE" | "DISABLE";
  ids: readonly string[];
  /** The tab may be in another account by the time it is undone. */
  accountId: string;
}

const opposite = { ENABLE: "DISABLE", DISABLE: "ENABLE" } as const;

/** Says what was done, and undoes it on request. */
export function showUndo(client: ApolloClient, done: Done, message: string): void {
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <span>{message}</span>
        <Button
          variant="light"
          size="compact-sm"
          onClick={() => {
            notifications.hide(id);
            void undo(client, done);
          }}
        >
          Undo
        </Button>
      </Group>
    ),
    autoClose: undoFor,
    closeButtonProps: { "aria-label": "Close message" },
  });
}

async function undo(client: ApolloClient, { action, ids, accountId }: Done): Promise<void> {
  try {
    const failed: BulkFailure[] = [];
    for (const some of inChunks(ids))
      failed.push(...(await changeApiTokens(client, opposite[action], some, accountId)));
    const now = action === "DISABLE" ? "active" : "disabled";
    const done = ids.length - failed.length;
    const undone = `Undone. ${counted(done, "API token")} ${done === 1 ? "is" : "are"} ${now} again.`;
    if (failed.length === 0) return say(undone);
    say(`Couldn’t undo this for ${counted(failed.length, "API token")}. ${failed[0]?.message ?? ""}`, "red");
  } catch (error) {
    say(`Couldn’t undo this. ${errorMessage(error)}`, "red");
  }
}

function say(message: string, color?: string): void {
  notifications.show({
    message,
    ...(color && { color, autoClose: false }),
    closeButtonProps: { "aria-label": "Close message" },
  });
}

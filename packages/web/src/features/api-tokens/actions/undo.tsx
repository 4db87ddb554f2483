import type { ApolloClient } from "@apollo/client";
import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect, useEffectEvent, useState } from "react";
import { counted } from "../../../lib/counted";
import { errorMessage } from "../../../lib/error-message";
import { type BulkFailure, changeApiTokens } from "../mutations/bulk-mutations";
import { inChunks } from "../mutations/in-chunks";

/** How long an action can be undone, in ms. The time stops while the pointer or the focus is on the message. */
const undoFor = 10_000;

interface Done {
  action: "ENABLE" | "DISABLE";
  ids: readonly string[];
  /** The tab may be in another account by the time it is undone. */
  accountId: string;
}

const opposite = { ENABLE: "DISABLE", DISABLE: "ENABLE" } as const;
const closeButtonProps = { "aria-label": "Close message" };

/** Says what was done, and undoes it on request. */
export function showUndo(client: ApolloClient, done: Done, message: string): void {
  offer(message, "Undo", undoFor, () => void undo(client, done));
}

/** A message with a button, which closes it. Stays for the given time in ms, or until closed. */
function offer(message: string, label: string, stayFor: number | null, onAccept: () => void): void {
  const close = () => notifications.hide(id);
  const accept = () => {
    close();
    onAccept();
  };
  const id = notifications.show({
    message: <Offer message={message} label={label} stayFor={stayFor} onAccept={accept} onExpire={close} />,
    autoClose: false,
    closeButtonProps,
  });
}

interface OfferProps {
  message: string;
  label: string;
  stayFor: number | null;
  onAccept: () => void;
  onExpire: () => void;
}

function Offer({ message, label, stayFor, onAccept, onExpire }: OfferProps) {
  const [isHeld, setHeld] = useState(false);
  const expire = useEffectEvent(onExpire);
  useEffect(() => {
    if (isHeld || stayFor === null) return;
    const timer = setTimeout(() => expire(), stayFor);
    return () => clearTimeout(timer);
  }, [isHeld, stayFor]);
  return (
    <Group
      justify="space-between"
      wrap="nowrap"
      gap="sm"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{message}</span>
      <Button variant="light" size="compact-sm" onClick={onAccept}>
        {label}
      </Button>
    </Group>
  );
}

async function undo(client: ApolloClient, { action, ids, accountId }: Done): Promise<void> {
  const failed: BulkFailure[] = [];
  for (const some of inChunks(ids)) {
    try {
      failed.push(...(await changeApiTokens(client, opposite[action], some, accountId)));
    } catch (error) {
      failed.push(...some.map((id) => ({ id, message: errorMessage(error) })));
    }
  }
  const count = ids.length - failed.length;
  const undone = `${counted(count, "API token")} ${count === 1 ? "is" : "are"} ${action === "DISABLE" ? "active" : "disabled"} again.`;
  const [first] = failed;
  if (!first) return void notifications.show({ message: `Undone. ${undone}`, closeButtonProps });
  const problem = `Couldn’t undo this for ${counted(failed.length, "API token")}. ${first.message}`;
  const again = { action, ids: failed.map(({ id }) => id), accountId };
  offer(count > 0 ? `${undone} ${problem}` : problem, "Try again", null, () => void undo(client, again));
}

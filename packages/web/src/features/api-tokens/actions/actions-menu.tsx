import { ActionIcon, Menu } from "@mantine/core";
import {
  IconChevronDown,
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { lazy, Suspense, useRef, useState } from "react";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import type { AskedAction } from "./questions";

// Needed only when someone acts, so they stay out of the first load.
const ActionDialog = lazy(async () => ({ default: (await import("./action-dialog")).ActionDialog }));
const EditApiTokenDialog = lazy(async () => ({ default: (await import("../edit/edit-dialog")).EditApiTokenDialog }));
const RotateDialog = lazy(async () => ({ default: (await import("../rotate/rotate-dialog")).RotateDialog }));

export const apiTokenActionsFragment = graphql(/* GraphQL */ `
  fragment ApiTokenActions on ApiToken {
    id
    name
    status
    availableActions
  }
`);

type MenuAction = AskedAction | "EDIT" | "ROTATE";

const offered: readonly { action: MenuAction; label: string; Icon: typeof IconPencil }[] = [
  { action: "EDIT", label: "Edit", Icon: IconPencil },
  { action: "ROTATE", label: "Rotate", Icon: IconRefresh },
  { action: "ENABLE", label: "Enable", Icon: IconPlayerPlay },
  { action: "DISABLE", label: "Disable", Icon: IconPlayerPause },
  { action: "DELETE", label: "Delete", Icon: IconTrash },
];

interface ApiTokenActionsMenuProps {
  token: FragmentType<typeof apiTokenActionsFragment>;
  /** Stands beside an Edit button, so it does not offer Edit itself. */
  besideEdit?: boolean;
  onDone?: (action: AskedAction) => void;
}

/** What the caller may do with a token now, as the server says. */
export function ApiTokenActionsMenu({ token: ref, besideEdit = false, onDone }: ApiTokenActionsMenuProps) {
  const token = useFragment(apiTokenActionsFragment, ref);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<MenuAction | null>(null);
  const items = offered.filter(
    ({ action }) => token.availableActions.includes(action) && !(besideEdit && action === "EDIT"),
  );
  const label = `${items.length > 0 ? "Actions" : "No actions"} for ${token.name}`;
  const close = () => setOpen(null);

  return (
    <>
      <Menu position="bottom-end" width={160} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon
            ref={button}
            {...(besideEdit ? { variant: "default", size: 36 } : { variant: "subtle", color: "gray", size: "lg" })}
            disabled={items.length === 0}
            aria-label={label}
          >
            {besideEdit ? <IconChevronDown size={18} aria-hidden="true" /> : <IconDots size={18} aria-hidden="true" />}
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown aria-label={label}>
          {items.map(({ action, label: verb, Icon }) => (
            <Menu.Item
              key={action}
              leftSection={<Icon size={16} aria-hidden="true" />}
              onClick={() => setOpen(action)}
              {...(action === "DELETE" && { c: "var(--mantine-color-error)" })}
            >
              {verb}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {open === "EDIT" && (
        <Suspense>
          <EditApiTokenDialog opened tokenId={token.id} onClose={close} returnFocusTo={button} />
        </Suspense>
      )}
      {open === "ROTATE" && (
        <Suspense>
          <RotateDialog tokenId={token.id} name={token.name} onClose={close} returnFocusTo={button} />
        </Suspense>
      )}
      {open && open !== "EDIT" && open !== "ROTATE" && (
        <Suspense>
          <ActionDialog action={open} token={token} onClose={close} onDone={onDone} returnFocusTo={button} />
        </Suspense>
      )}
    </>
  );
}

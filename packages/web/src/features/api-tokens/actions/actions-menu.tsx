import { ActionIcon, Menu } from "@mantine/core";
import { IconChevronDown, IconDots } from "@tabler/icons-react";
import { lazy, Suspense, useRef, useState } from "react";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import { type AskedAction, questions } from "./questions";

// Needed only when someone acts, so they stay out of the first load.
const ActionDialog = lazy(async () => ({ default: (await import("./action-dialog")).ActionDialog }));
const EditApiTokenDialog = lazy(async () => ({ default: (await import("../edit/edit-dialog")).EditApiTokenDialog }));

export const apiTokenActionsFragment = graphql(/* GraphQL */ `
  fragment ApiTokenActions on ApiToken {
    id
    name
    status
    availableActions
  }
`);

type MenuAction = AskedAction | "EDIT";

const offered: readonly MenuAction[] = ["EDIT", "ENABLE", "DISABLE", "DELETE"];

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
  const actions = offered.filter((action) => token.availableActions.includes(action));
  const items = besideEdit ? actions.filter((action) => action !== "EDIT") : actions;
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
          {items.map((action) => (
            <Menu.Item
              key={action}
              onClick={() => setOpen(action)}
              {...(action === "DELETE" && { c: "var(--mantine-color-error)" })}
            >
              {action === "EDIT" ? "Edit" : questions[action].verb}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {open === "EDIT" && (
        <Suspense>
          <EditApiTokenDialog opened tokenId={token.id} onClose={close} returnFocusTo={button} />
        </Suspense>
      )}
      {open && open !== "EDIT" && (
        <Suspense>
          <ActionDialog action={open} token={token} onClose={close} onDone={onDone} returnFocusTo={button} />
        </Suspense>
      )}
    </>
  );
}

import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconDots } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { Suspense, useRef, useState } from "react";
import { MenuButton } from "../../../components/menu/menu-button";
import { type FragmentType, useFragment } from "../../../gql/fragment-masking";
import { graphql } from "../../../gql/gql";
import { lazyPart } from "../../../lib/lazy-part";
import type { SearchParams } from "../../../lib/search-params";
import classes from "./actions-menu.module.css";
import { type MenuAction, offeredActions } from "./offered-actions";
import type { AskedAction } from "./questions";

const ActionsMenuItems = lazyPart(async () => (await import("./actions-menu-items")).ActionsMenuItems);

// Needed only on user action, so not part of the first load.
const ActionDialog = lazyPart(async () => (await import("./action-dialog")).ActionDialog);
const EditApiTokenDialog = lazyPart(async () => (await import("../edit/edit-dialog")).EditApiTokenDialog);
const RotateDialog = lazyPart(async () => (await import("../rotate/rotate-dialog")).RotateDialog);

export const apiTokenActionsFragment = graphql(/* GraphQL */ `
  fragment ApiTokenActions on ApiToken {
    id
    name
    status
    availableActions
  }
`);

interface ApiTokenActionsMenuProps {
  token: FragmentType<typeof apiTokenActionsFragment>;
  /** Beside an Edit button, the menu omits Edit. */
  besideEdit?: boolean;
  onDone?: (action: AskedAction) => void;
}

/** The actions the server currently allows for a token. */
export function ApiTokenActionsMenu({ token: ref, besideEdit = false, onDone }: ApiTokenActionsMenuProps) {
  const token = useFragment(apiTokenActionsFragment, ref);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<MenuAction | null>(null);
  const navigate = useNavigate();
  // Anyone who can edit tokens can also add them.
  const mayDuplicate = token.availableActions.includes("EDIT");
  const actions = offeredActions.filter((action) => {
    if (action === "DUPLICATE") return mayDuplicate;
    return token.availableActions.includes(action) && !(besideEdit && action === "EDIT");
  });
  const label = `Actions for ${token.name}`;
  const close = () => setOpen(null);
  const choose = (action: MenuAction) => {
    if (action !== "DUPLICATE") return setOpen(action);
    const search = (old: SearchParams) => ({ ...(besideEdit ? {} : old), copy: token.id });
    void navigate({ to: "/settings/api-tokens/add", search: search as never });
  };

  if (actions.length === 0)
    return <span className={classes.none}>{token.status === "DELETED" ? "None" : "View only"}</span>;
  return (
    <>
      <MenuButton
        ref={button}
        label={label}
        width={160}
        button={
          <ActionIcon
            {...(besideEdit ? { variant: "default", size: 36 } : { variant: "subtle", color: "gray", size: "lg" })}
            aria-label={label}
          >
            {besideEdit ? <IconChevronDown size={18} aria-hidden="true" /> : <IconDots size={18} aria-hidden="true" />}
          </ActionIcon>
        }
      >
        <ActionsMenuItems actions={actions} onChoose={choose} />
      </MenuButton>
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
      {open && open !== "EDIT" && open !== "ROTATE" && open !== "DUPLICATE" && (
        <Suspense>
          <ActionDialog action={open} token={token} onClose={close} onDone={onDone} returnFocusTo={button} />
        </Suspense>
      )}
    </>
  );
}

import { Menu } from "@mantine/core";
import { IconCopy, IconPencil, IconPlayerPause, IconPlayerPlay, IconRefresh, IconTrash } from "@tabler/icons-react";
import type { MenuAction } from "./offered-actions";

const items: Record<MenuAction, { label: string; Icon: typeof IconPencil }> = {
  EDIT: { label: "Edit", Icon: IconPencil },
  DUPLICATE: { label: "Duplicate", Icon: IconCopy },
  ROTATE: { label: "Rotate", Icon: IconRefresh },
  ENABLE: { label: "Enable", Icon: IconPlayerPlay },
  DISABLE: { label: "Disable", Icon: IconPlayerPause },
  DELETE: { label: "Delete", Icon: IconTrash },
};

interface ActionsMenuItemsProps {
  actions: MenuAction[];
  onChoose: (action: MenuAction) => void;
}

export function ActionsMenuItems({ actions, onChoose }: ActionsMenuItemsProps) {
  return actions.map((action) => {
    const { label, Icon } = items[action];
    return (
      <Menu.Item
        key={action}
        leftSection={<Icon size={16} aria-hidden="true" />}
        onClick={() => onChoose(action)}
        {...(action === "DELETE" && { c: "var(--mantine-color-error)" })}
      >
        {label}
      </Menu.Item>
    );
  });
}

import { Menu } from "@mantine/core";
import type { ReactNode, RefObject } from "react";
import { Anchor } from "./anchor";

export interface MenuDropdownProps {
  /** The button’s ID. */
  id: string;
  button: RefObject<HTMLElement | null>;
  label: string;
  width: number;
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}

export function MenuDropdown({ id, button, label, width, opened, onClose, children }: MenuDropdownProps) {
  return (
    <Menu
      id={id}
      opened={opened}
      onClose={onClose}
      position="bottom-end"
      shadow="md"
      width={width}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Anchor to={button} />
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>{children}</Menu.Dropdown>
    </Menu>
  );
}

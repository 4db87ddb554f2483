import { UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { modifierKey } from "../../lib/shortcuts";
import classes from "./palette-button.module.css";

export function PaletteButton({ onClick }: { onClick: () => void }) {
  return (
    <UnstyledButton className={classes.button} aria-haspopup="dialog" onClick={onClick}>
      <IconSearch size={16} aria-hidden="true" />
      <span className={classes.text}>Search or jump to…</span>
      <kbd className={classes.keys}>{modifierKey} K</kbd>
    </UnstyledButton>
  );
}

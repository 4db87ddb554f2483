import { Checkbox, Kbd, Modal } from "@mantine/core";
import "@mantine/core/styles/Kbd.css";
import { Fragment } from "react";
import { modifierKey, setShortcutsOn, useShortcutsOn } from "../../lib/shortcuts";
import { useFocusBack } from "../../lib/use-focus-back";
import classes from "./command-palette.module.css";

const shortcuts: [string[], string][] = [
  [[modifierKey, "K"], "Open the command palette"],
  [["/"], "Search the list"],
  [["c"], "Add an API token"],
  [["?"], "Show this list"],
  [["←", "↑", "→", "↓"], "Move between the cells of a table"],
  [["Enter"], "Open the link or menu in a cell"],
  [["x"], "Select or clear the row"],
  [["e"], "Edit the row’s API token"],
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const on = useShortcutsOn();
  useFocusBack();
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" centered size={460} returnFocus={false}>
      <dl className={classes.keys}>
        {shortcuts.map(([keys, meaning]) => (
          <Fragment key={meaning}>
            <dt>
              {keys.map((key) => (
                <Fragment key={key}>
                  <Kbd>{key}</Kbd>{" "}
                </Fragment>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </Fragment>
        ))}
      </dl>
      <Checkbox
        checked={on}
        onChange={(event) => setShortcutsOn(event.currentTarget.checked)}
        label="Single-key shortcuts"
        description="Turn them off if you use speech input."
      />
    </Modal>
  );
}

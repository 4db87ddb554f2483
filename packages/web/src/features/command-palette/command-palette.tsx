import { Modal } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { errorMessage } from "../../lib/error-message";
import { useFocusBack } from "../../lib/use-focus-back";
import { type Command, matching } from "./command";
import { CommandList } from "./command-list";
import classes from "./command-palette.module.css";
import { usePageCommands } from "./use-page-commands";
import { type FoundToken, type TokenTask, useActionsOn, useFoundTokens } from "./use-token-commands";

interface CommandPaletteProps {
  onClose: () => void;
  onShowShortcuts: () => void;
  onStart: (task: TokenTask) => void;
}

/** Finds tokens and commands by text. Enter runs the marked one (ARIA APG, editable combobox with a listbox). */
export function CommandPalette({ onClose, onShowShortcuts, onStart }: CommandPaletteProps) {
  const [text, setText] = useState("");
  const [token, setToken] = useState<FoundToken | null>(null);
  const [marked, setMarked] = useState(0);
  useFocusBack();
  const retype = (value: string) => {
    setText(value);
    setMarked(0);
  };
  const found = useFoundTokens(token ? "" : text, (chosen) => {
    setToken(chosen);
    retype("");
  });
  const pages = usePageCommands(onShowShortcuts);
  const actions = useActionsOn(token, onStart);
  const commands = token ? matching(actions, text) : [...matching(pages, text), ...found.commands];
  const current = Math.min(marked, commands.length - 1);

  function run(command: Command | undefined) {
    if (!command) return;
    if (!command.keepsOpen) onClose();
    command.run();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const move = moves[key];
    if (move !== undefined) setMarked((current + move + commands.length) % Math.max(1, commands.length));
    else if (key === "Enter") run(commands[current]);
    else if (key === "Backspace" && token && text === "") setToken(null);
    else return;
    event.preventDefault();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      aria-label="Command palette"
      returnFocus={false}
      size={560}
      yOffset="12vh"
      padding={0}
      radius="lg"
    >
      <div className={classes.search}>
        <IconSearch size={18} aria-hidden="true" />
        <input
          data-autofocus
          role="combobox"
          aria-label={token ? `Action on ${token.name}` : "Search tokens and commands"}
          aria-expanded="true"
          aria-controls="commands"
          aria-autocomplete="list"
          aria-activedescendant={commands.length > 0 ? `command-${current}` : undefined}
          placeholder={token ? `What to do with ${token.name}?` : "Search tokens and commands…"}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={text}
          onChange={(event) => retype(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <CommandList commands={commands} current={current} onMark={setMarked} onRun={run} />
      <p className={classes.state} role="status">
        {stateOf(found, commands.length)}
      </p>
    </Modal>
  );
}

function stateOf({ loading, error }: { loading: boolean; error?: unknown }, count: number): string {
  if (loading) return "Searching…";
  if (error) return `Couldn’t search the API tokens. ${errorMessage(error)}`;
  return count === 0 ? "No results" : "";
}

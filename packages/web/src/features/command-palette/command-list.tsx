import { useEffect, useRef } from "react";
import { isolated } from "../../lib/isolated";
import type { Command } from "./command";
import classes from "./command-palette.module.css";

interface CommandListProps {
  commands: readonly Command[];
  /** Index of the marked command. */
  current: number;
  onMark: (index: number) => void;
  onRun: (command: Command) => void;
}

export function CommandList({ commands, current, onMark, onRun }: CommandListProps) {
  const marked = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls to each newly marked command
  useEffect(() => {
    marked.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <div id="commands" role="listbox" aria-label="Commands" className={classes.list}>
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: options are grouped, not fields
        <div key={group} role="group" aria-label={group}>
          <div className={classes.group} aria-hidden="true">
            {isolated(group)}
          </div>
          {commands.map(
            (command, index) =>
              command.group === group && (
                // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the search field
                // biome-ignore lint/a11y/useKeyWithClickEvents: the search field has the keys
                <div
                  key={command.id}
                  ref={index === current ? marked : null}
                  id={`command-${index}`}
                  role="option"
                  aria-selected={index === current}
                  className={classes.command}
                  onMouseMove={() => index !== current && onMark(index)}
                  onClick={() => onRun(command)}
                >
                  <span className={classes.label}>{isolated(command.label)}</span>
                  {command.hint && <span className={classes.hint}>{command.hint}</span>}
                </div>
              ),
          )}
        </div>
      ))}
    </div>
  );
}

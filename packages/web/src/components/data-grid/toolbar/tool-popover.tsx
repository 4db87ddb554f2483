import { Button } from "@mantine/core";
import { type ReactNode, Suspense, useId, useRef } from "react";
import { lazyPart } from "../../../lib/lazy-part";
import classes from "../data-grid.module.css";

const ToolPanel = lazyPart(async () => (await import("./tool-panel")).ToolPanel);

interface ToolPopoverProps {
  label: string;
  /** Shown beside the label, e.g. the number of conditions. */
  note?: number;
  icon: ReactNode;
  width: number;
  opened: boolean;
  onChange: (opened: boolean) => void;
  children: ReactNode;
}

/** A toolbar button with a panel. Escape closes the panel and returns focus. */
export function ToolPopover({ label, note = 0, icon, width, opened, onChange, children }: ToolPopoverProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button
        ref={button}
        id={id}
        className={classes.tool}
        variant={note ? "light" : "subtle"}
        color={note ? "pine" : "gray"}
        size="compact-sm"
        leftSection={icon}
        aria-haspopup="dialog"
        aria-expanded={opened}
        aria-controls={opened ? `${id}-dropdown` : undefined}
        onClick={() => onChange(!opened)}
      >
        {label}
        {note > 0 && <span className={classes.note}>{note}</span>}
      </Button>
      {opened && (
        <Suspense>
          <ToolPanel id={id} button={button} label={label} width={width} onClose={() => onChange(false)}>
            {children}
          </ToolPanel>
        </Suspense>
      )}
    </>
  );
}

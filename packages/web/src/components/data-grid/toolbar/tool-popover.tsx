import { Button, Popover, Skeleton } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useRef } from "react";
import classes from "../data-grid.module.css";

// With the panels it is not part of the first load.
const ToolPanel = lazy(async () => ({ default: (await import("./tool-panel")).ToolPanel }));

interface ToolPopoverProps {
  label: string;
  /** What the button says about itself beside its label, e.g. how many conditions are set. */
  note?: number;
  icon: ReactNode;
  width: number;
  opened: boolean;
  onChange: (opened: boolean) => void;
  children: ReactNode;
}

/** What lies under a panel is out of reach while it is open, and looks so. */
const overlay = { backgroundOpacity: 0.12, zIndex: 250 };

/** A button of the toolbar and the panel under it; Escape closes it and gives the focus back. */
export function ToolPopover({ label, note = 0, icon, width, opened, onChange, children }: ToolPopoverProps) {
  const button = useRef<HTMLButtonElement>(null);
  return (
    <Popover
      opened={opened}
      onChange={onChange}
      position="bottom-start"
      shadow="md"
      radius="md"
      width={`min(${width}px, calc(100vw - 24px))`}
      trapFocus
      returnFocus
      withOverlay
      overlayProps={overlay}
    >
      <Popover.Target>
        <Button
          ref={button}
          className={classes.tool}
          variant={note ? "light" : "subtle"}
          color={note ? "pine" : "gray"}
          size="compact-sm"
          leftSection={icon}
          onClick={() => onChange(!opened)}
        >
          {label}
          {note > 0 && <span className={classes.note}>{note}</span>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className={classes.panel}>
        {opened && (
          <Suspense fallback={<Skeleton height={84} />}>
            <ToolPanel button={button}>{children}</ToolPanel>
          </Suspense>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

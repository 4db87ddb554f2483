import { Popover } from "@mantine/core";
import { type ReactNode, type RefObject, useRef } from "react";
import { useFocusBack } from "../../../lib/use-focus-back";
import { Anchor } from "../../menu/anchor";
import classes from "../data-grid.module.css";
import { useKeptFocus } from "./use-kept-focus";

interface ToolPanelProps {
  /** The button’s ID. */
  id: string;
  /** Where focus returns. The opener, e.g. a column menu, may no longer exist. */
  button: RefObject<HTMLElement | null>;
  label: string;
  width: number;
  onClose: () => void;
  children: ReactNode;
}

/** A click on the page behind an open panel only closes it. */
const overlay = { backgroundOpacity: 0, zIndex: 250 };

/** The open panel below a toolbar button. */
export function ToolPanel({ id, button, label, width, onClose, children }: ToolPanelProps) {
  return (
    <Popover
      id={id}
      opened
      onChange={onClose}
      position="bottom-start"
      shadow="md"
      radius="md"
      width={`min(${width}px, calc(100vw - 24px))`}
      trapFocus
      withOverlay
      overlayProps={overlay}
    >
      <Popover.Target>
        <Anchor to={button} />
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className={classes.panel}>
        <Content button={button}>{children}</Content>
      </Popover.Dropdown>
    </Popover>
  );
}

function Content({ button, children }: Pick<ToolPanelProps, "button" | "children">) {
  const content = useRef<HTMLDivElement>(null);
  useKeptFocus(content);
  useFocusBack(button);
  return <div ref={content}>{children}</div>;
}

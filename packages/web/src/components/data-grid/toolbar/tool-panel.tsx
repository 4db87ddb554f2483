import { type ReactNode, type RefObject, useRef } from "react";
import { useFocusBack } from "../../../lib/use-focus-back";
import { useKeptFocus } from "./use-kept-focus";

interface ToolPanelProps {
  /** Where the focus goes afterwards: what opened the panel may be gone by then, like a column's menu. */
  button: RefObject<HTMLElement | null>;
  children: ReactNode;
}

/** What stands in a toolbar's panel while it is open. */
export function ToolPanel({ button, children }: ToolPanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  useKeptFocus(panel);
  useFocusBack(button);
  return <div ref={panel}>{children}</div>;
}

import { type Ref, type RefObject, useLayoutEffect } from "react";

interface AnchorProps {
  /** The element the popover belongs to. */
  to: RefObject<HTMLElement | null>;
  ref?: Ref<HTMLElement>;
}

/** Passes an existing element to Mantine as a popover’s target. Renders nothing. */
export function Anchor({ to, ref }: AnchorProps) {
  useLayoutEffect(() => {
    if (typeof ref === "function") ref(to.current);
    else if (ref) ref.current = to.current;
  }, [ref, to]);
  return null;
}

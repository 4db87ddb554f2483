import { type RefObject, useEffect, useState } from "react";

/**
 * Gives the focus back, when a dialog goes away, to what had it when the dialog came, or to `target`: what was pressed
 * may be gone by then, like an item of a menu.
 */
export function useFocusBack(target?: RefObject<HTMLElement | null>): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const element = target?.current ?? opener;
      // After the dialog has left the page.
      setTimeout(() => {
        const nobody = document.activeElement === null || document.activeElement === document.body;
        if (nobody && element instanceof HTMLElement && element.isConnected) element.focus({ preventScroll: true });
      });
    },
    [opener, target],
  );
}

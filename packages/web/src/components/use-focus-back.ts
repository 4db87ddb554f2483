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
        if (isNowhere() && element instanceof HTMLElement) element.focus({ preventScroll: true });
        // What was pressed is gone or disabled: rather the page's beginning than nowhere.
        if (isNowhere()) focusHeading();
      });
    },
    [opener, target],
  );
}

function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>("main h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.style.outline = "none";
  heading.focus({ preventScroll: true });
}

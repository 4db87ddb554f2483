import { type RefObject, useEffect } from "react";

const focusable = "button:enabled, input:enabled, select:enabled, a[href]";

/**
 * What has the focus may go away or be disabled by being pressed: a condition that is removed, a level that cannot move
 * further. The focus then goes to what stands in its place, instead of to the top of the page.
 */
export function useKeptFocus(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = panel.current;
    if (!element) return;
    // What could have the focus when something last got it: the part before that, and the part from there on.
    let before: HTMLElement[] = [];
    let after: HTMLElement[] = [];
    const remember = () => {
      const all = [...element.querySelectorAll<HTMLElement>(focusable)];
      const place = all.indexOf(document.activeElement as HTMLElement);
      if (place < 0) return;
      before = all.slice(0, place).reverse();
      after = all.slice(place);
    };
    const keep = () => {
      const focused = document.activeElement;
      if (focused && focused !== document.body && !focused.matches(":disabled")) return remember();
      [...after, ...before].find((each) => each.isConnected && each.matches(focusable))?.focus();
    };
    const changes = new MutationObserver(keep);
    changes.observe(element, { subtree: true, childList: true, attributeFilter: ["disabled"] });
    element.addEventListener("focusin", remember);
    return () => {
      changes.disconnect();
      element.removeEventListener("focusin", remember);
    };
  }, [panel]);
}

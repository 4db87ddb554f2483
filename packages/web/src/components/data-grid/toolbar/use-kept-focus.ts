import { type RefObject, useEffect } from "react";

const focusable = "button:enabled, input:enabled, select:enabled, a[href]";

/**
 * A focused control may be removed or disabled by its own action, e.g. when a condition is deleted. Moves focus to the
 * control that takes its place instead of losing it.
 */
export function useKeptFocus(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = panel.current;
    if (!element) return;
    // Focusable controls at the last focus change: those before the focused one, and those from it on.
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

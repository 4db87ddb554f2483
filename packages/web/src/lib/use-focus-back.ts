import { type RefObject, useEffect, useState } from "react";

/**
 * When a dialog closes, returns focus to the element that had it when the dialog opened. Pass a `target` if that element
 * will no longer exist, like a menu item.
 */
export function useFocusBack(target?: RefObject<HTMLElement | null>): void {
  const [goBack] = useState(() => wayBackTo(target?.current ?? document.activeElement));
  // After the dialog has been removed.
  useEffect(() => () => void setTimeout(goBack), [goBack]);
}

/** Milliseconds within which a list is reread. */
const patience = 15_000;

/**
 * Returns a function that focuses an element. If the element is removed or disabled by then or soon after, focuses the
 * same control in the next or previous row of its list, the action of an empty list, or the page’s heading. Does nothing
 * if focus is elsewhere. Call it while the element exists.
 */
function wayBackTo(element: Element | null): () => void {
  const column = element?.closest("td")?.cellIndex ?? 0;
  const row = element?.closest("tbody > tr");
  const page = element?.closest("main");
  const rows = [...siblings(row, "nextElementSibling"), ...siblings(row, "previousElementSibling")];
  const go = () => {
    const inPlace = rows.map((each) => each.cells[column]?.querySelector("button:enabled, a[href]"));
    for (const each of [
      element,
      ...inPlace,
      row && [...document.querySelectorAll("main header button")].at(-1),
      heading(),
    ])
      if (isNowhere() && each instanceof HTMLElement) each.focus({ preventScroll: each === element });
  };
  return () => {
    go();
    if (!row || !page) return;
    const { pathname } = window.location;
    const changes = new MutationObserver(() => (window.location.pathname === pathname ? go() : changes.disconnect()));
    changes.observe(page, { subtree: true, childList: true, attributeFilter: ["disabled"] });
    setTimeout(() => changes.disconnect(), patience);
  };
}

function siblings(row: Element | null | undefined, side: "nextElementSibling" | "previousElementSibling") {
  const found: HTMLTableRowElement[] = [];
  for (let each = row?.[side]; each instanceof HTMLTableRowElement; each = each[side]) found.push(each);
  return found;
}

function isNowhere(): boolean {
  const { activeElement } = document;
  return !activeElement || activeElement === document.body || activeElement.matches(":disabled");
}

/** Focuses the page’s heading if following a link has removed the focused element. */
export function focusHeading(): void {
  if (isNowhere()) heading()?.focus({ preventScroll: true });
}

function heading(): HTMLElement | null {
  const found = document.querySelector<HTMLElement>("main h1");
  if (!found) return null;
  found.tabIndex = -1;
  found.style.outline = "none";
  return found;
}

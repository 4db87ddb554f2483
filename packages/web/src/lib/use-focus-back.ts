import { type RefObject, useEffect, useState } from "react";

/**
 * Gives the focus back, when a dialog goes away, to what had it when the dialog came, or to `target`: what was pressed
 * may be gone by then, like an item of a menu.
 */
export function useFocusBack(target?: RefObject<HTMLElement | null>): void {
  const [goBack] = useState(() => wayBackTo(target?.current ?? document.activeElement));
  // After the dialog has left the page.
  useEffect(() => () => void setTimeout(goBack), [goBack]);
}

/** Milliseconds in which a list will have been read again. */
const patience = 15_000;

/**
 * The way back to an element, which may be gone or disabled by then, or soon after: in that case to what stands in its
 * place in the next row of its list, or in the row before, then to what can be done with an empty one, and rather to the
 * page's heading than nowhere. It is only for who has lost the focus. Ask for it while the element is there.
 */
function wayBackTo(element: Element | null): () => void {
  const column = element?.closest("td")?.cellIndex ?? 0;
  const row = element?.closest("tbody > tr");
  const page = element?.closest("main");
  const rows = [...siblings(row, "nextElementSibling"), ...siblings(row, "previousElementSibling")];
  const go = () => {
    const inPlace = rows.map((each) => each.cells[column]?.querySelector("button:enabled, a[href]"));
    for (const each of [element, ...inPlace, row && document.querySelector("main header button"), heading()])
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

function heading(): HTMLElement | null {
  const found = document.querySelector<HTMLElement>("main h1");
  if (!found) return null;
  found.tabIndex = -1;
  found.style.outline = "none";
  return found;
}

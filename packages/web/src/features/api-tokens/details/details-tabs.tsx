import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef } from "react";
import classes from "./details-page.module.css";
import type { DetailsTab } from "./details-tab";

const tabs: readonly { tab: DetailsTab; label: string }[] = [
  { tab: "general", label: "General" },
  { tab: "modules", label: "Modules" },
  { tab: "details", label: "Details" },
  { tab: "usage", label: "Usage" },
  { tab: "audit-trail", label: "Audit trail" },
];

export const panelId = "api-token-panel";
export const tabId = (tab: DetailsTab) => `api-token-tab-${tab}`;

interface DetailsTabsProps {
  tokenId: string;
  name: string;
  current: DetailsTab;
}

/** Tabs as links: each has a URL, can open in a new window, and responds to arrow keys. */
export function DetailsTabs({ tokenId, name, current }: DetailsTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  // On a phone, the strip of tabs scrolls.
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls to each newly chosen tab
  useEffect(() => {
    const chosen = list.current?.querySelector('[aria-selected="true"]');
    chosen?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [current]);
  return (
    <div ref={list} role="tablist" aria-label={`About ${name}`} className={classes.tabs}>
      {tabs.map(({ tab, label }) => (
        <Link
          key={tab}
          to="/settings/api-tokens/$tokenId/{-$tab}"
          params={{ tokenId, tab: tab === "general" ? undefined : tab }}
          activeOptions={{ exact: true }}
          role="tab"
          id={tabId(tab)}
          aria-selected={tab === current}
          aria-controls={tab === current ? panelId : undefined}
          tabIndex={tab === current ? 0 : -1}
          className={classes.tab}
          onKeyDown={moveFocus}
        >
          {label}
        </Link>
      ))}
    </div>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const all = [...(event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[role="tab"]') ?? [])];
  const at = all.indexOf(event.currentTarget);
  const target = {
    ArrowRight: all[(at + 1) % all.length],
    ArrowLeft: all.at(at - 1),
    Home: all[0],
    End: all.at(-1),
    " ": event.currentTarget,
  }[event.key];
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.click();
}

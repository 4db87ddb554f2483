import { useLocation, useNavigate } from "@tanstack/react-router";
import { Suspense, useEffect, useEffectEvent, useState } from "react";
import { lazyPart } from "../../lib/lazy-part";
import { shortcutOf } from "../../lib/shortcuts";
import { useCan } from "../session/viewer";
import { searchOn } from "./add-search";
import type { TokenTask } from "./use-token-commands";

const CommandPalette = lazyPart(async () => (await import("./command-palette")).CommandPalette);
const ShortcutsDialog = lazyPart(async () => (await import("./shortcuts-dialog")).ShortcutsDialog);
const TokenTaskDialog = lazyPart(async () => (await import("./token-task-dialog")).TokenTaskDialog);

type Shown = "shortcuts" | TokenTask | null;

interface ShortcutsProps {
  paletteOpened: boolean;
  setPaletteOpened: (opened: boolean) => void;
}

/** The keys that work on every page, and what they open. */
export function Shortcuts({ paletteOpened, setPaletteOpened }: ShortcutsProps) {
  const [shown, setShown] = useState<Shown>(null);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const mayAdd = useCan("apiToken:write");
  // A dialog belongs to the page it was opened on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: closes on each navigation
  useEffect(() => setShown(null), [pathname]);

  const actions: Record<string, () => void> = {
    "?": () => setShown("shortcuts"),
    "/": focusSearch,
    ...(mayAdd && { c: () => void navigate({ to: "/settings/api-tokens/add", search: searchOn(pathname) }) }),
  };
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const run = isPaletteKey(event) ? togglePalette : actions[shortcutOf(event) ?? ""];
    if (!run) return;
    event.preventDefault();
    run();
  });
  function togglePalette() {
    // A form in a dialog must not lose its input.
    if (paletteOpened || !document.querySelector('[role="dialog"]')) setPaletteOpened(!paletteOpened);
  }
  useEffect(() => {
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  const close = () => setShown(null);
  return (
    <Suspense>
      {paletteOpened && (
        <CommandPalette
          onClose={() => setPaletteOpened(false)}
          onShowShortcuts={() => setShown("shortcuts")}
          onStart={setShown}
        />
      )}
      {shown === "shortcuts" && <ShortcutsDialog onClose={close} />}
      {shown !== null && shown !== "shortcuts" && <TokenTaskDialog {...shown} onClose={close} />}
    </Suspense>
  );
}

const isPaletteKey = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) =>
  key.toLowerCase() === "k" && (ctrlKey || metaKey) && !altKey;

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  field?.focus();
  field?.select();
}

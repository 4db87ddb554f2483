import { useSyncExternalStore } from "react";

// WCAG 2.1.4: shortcuts of a single character can be turned off, because speech input may trigger them.
const key = "hallpass:shortcuts";
const listeners = new Set<() => void>();

/** Whether shortcuts of a single character are on. */
export function areShortcutsOn(): boolean {
  try {
    return localStorage.getItem(key) !== "off";
  } catch {
    return true;
  }
}

export function setShortcutsOn(on: boolean): void {
  try {
    localStorage.setItem(key, on ? "on" : "off");
  } catch {
    // Without storage, they stay on.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const useShortcutsOn = () => useSyncExternalStore(subscribe, areShortcutsOn);

/** The key of shortcuts that work while typing. */
export const modifierKey = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

const typing = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** The character of a shortcut, or null if the key is being typed, modified or used in a dialog or menu. */
export function shortcutOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target">) {
  const { key, ctrlKey, metaKey, altKey, target } = event;
  if (key.length !== 1 || ctrlKey || metaKey || altKey || !areShortcutsOn()) return null;
  if (document.querySelector('[role="dialog"]')) return null;
  return target instanceof Element && target.closest(`${typing}, [role="menu"]`) ? null : key;
}

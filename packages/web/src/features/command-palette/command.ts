/** Something the palette can do. */
export interface Command {
  /** Unique in the list. */
  id: string;
  /** Heading of its group. */
  group: string;
  label: string;
  /** Shown beside the label, e.g. a token’s ID or a key. */
  hint?: string;
  run: () => void;
  /** Shows more commands instead of closing the palette. */
  keepsOpen?: boolean;
}

/** The commands whose label or hint contains the text. */
export function matching(commands: readonly Command[], text: string): Command[] {
  const wanted = text.trim().toLowerCase();
  return commands.filter(({ label, hint = "" }) => `${label} ${hint}`.toLowerCase().includes(wanted));
}

import type { AskedAction } from "./questions";

export type MenuAction = AskedAction | "EDIT" | "ROTATE";

/** In menu order. */
export const offeredActions: readonly MenuAction[] = ["EDIT", "ROTATE", "ENABLE", "DISABLE", "DELETE"];

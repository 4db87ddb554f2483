import type { AskedAction } from "./questions";

export type MenuAction = AskedAction | "EDIT" | "DUPLICATE" | "ROTATE";

/** In menu order. */
export const offeredActions: readonly MenuAction[] = ["EDIT", "DUPLICATE", "ROTATE", "ENABLE", "DISABLE", "DELETE"];

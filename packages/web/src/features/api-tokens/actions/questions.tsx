import type { ReactNode } from "react";
import { isolated } from "../../../lib/isolated";

/** Actions that require confirmation. */
export type AskedAction = "ENABLE" | "DISABLE" | "DELETE";

interface Question {
  /** The label in the menu and on the button. */
  verb: string;
  title: (name: string) => string;
  consequence: ReactNode;
  done: (name: string) => string;
  /** Whether the token’s descendants can be disabled with it. */
  asksAboutDescendants: boolean;
  destructive: boolean;
}

export const questions: Record<AskedAction, Question> = {
  ENABLE: {
    verb: "Enable",
    title: (name) => `Enable ${isolated(name)}?`,
    consequence: "Requests with this token will be allowed again, with the same value and modules.",
    done: (name) => `${isolated(name)} is enabled.`,
    asksAboutDescendants: false,
    destructive: false,
  },
  DISABLE: {
    verb: "Disable",
    title: (name) => `Disable ${isolated(name)}?`,
    consequence: "Every request with this token will be denied until you enable it again.",
    done: (name) => `${isolated(name)} is disabled.`,
    asksAboutDescendants: true,
    destructive: false,
  },
  DELETE: {
    verb: "Delete",
    title: (name) => `Delete ${isolated(name)}?`,
    consequence:
      "Every request with this token will be denied, and its value will be destroyed. You can’t restore a deleted token.",
    done: (name) => `${isolated(name)} is deleted.`,
    asksAboutDescendants: true,
    destructive: true,
  },
};

import { counted } from "../../../lib/counted";
import type { BulkAction } from "../mutations/bulk-mutations";

export type SelectionAction = BulkAction | "SET_EXPIRY";

interface BulkQuestion {
  title: (count: number) => string;
  verb: string;
  consequence: string;
  /** Tokens the action doesn’t apply to. */
  skipped: (count: number) => string;
  /** Said if the action applies to none. */
  nothing: string;
  done: (count: number) => string;
  destructive: boolean;
}

const tokens = (count: number) => counted(count, "API token");
const are = (count: number) => (count === 1 ? "is" : "are");

export const bulkQuestions: Record<SelectionAction, BulkQuestion> = {
  ENABLE: {
    title: (count) => `Enable ${tokens(count)}?`,
    verb: "Enable",
    consequence: "Requests with these tokens will be allowed again, with the same values and modules.",
    skipped: (count) => `${tokens(count)} in your selection can’t be enabled: already active or deleted.`,
    nothing: "None of the selected API tokens can be enabled: they are already active or were deleted.",
    done: (count) => `${tokens(count)} ${are(count)} enabled.`,
    destructive: false,
  },
  DISABLE: {
    title: (count) => `Disable ${tokens(count)}?`,
    verb: "Disable",
    consequence:
      "Every request with these tokens will be denied until you enable them again. Tokens they created stay active.",
    skipped: (count) => `${tokens(count)} in your selection can’t be disabled: already disabled or deleted.`,
    nothing: "None of the selected API tokens can be disabled: they are already disabled or were deleted.",
    done: (count) => `${tokens(count)} ${are(count)} disabled.`,
    destructive: false,
  },
  DELETE: {
    title: (count) => `Delete ${tokens(count)}?`,
    verb: "Delete",
    consequence:
      "Every request with these tokens will be denied, and their values will be destroyed. You can’t restore deleted tokens. Tokens they created stay active.",
    skipped: (count) => `${tokens(count)} in your selection can’t be deleted.`,
    nothing: "None of the selected API tokens can be deleted.",
    done: (count) => `${tokens(count)} ${are(count)} deleted.`,
    destructive: true,
  },
  SET_EXPIRY: {
    title: (count) => `Set the expiry of ${tokens(count)}?`,
    verb: "Set expiry",
    consequence: "This replaces each token’s current expiry.",
    skipped: (count) => `${tokens(count)} in your selection can’t be edited.`,
    nothing: "None of the selected API tokens can be edited.",
    done: (count) => `${tokens(count)} ${count === 1 ? "has" : "have"} a new expiry.`,
    destructive: false,
  },
};

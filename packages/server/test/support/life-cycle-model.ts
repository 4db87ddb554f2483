// An independent model of the token life cycle, with which histories are compared.

export type Status = "ACTIVE" | "DISABLED" | "DELETED";
export const actions = ["EDIT", "ENABLE", "DISABLE", "DELETE", "REVEAL", "ROTATE", "END_ROTATION"] as const;
export type Action = (typeof actions)[number];

const life: Record<Status, Partial<Record<Action, Status>>> = {
  ACTIVE: {
    EDIT: "ACTIVE",
    DISABLE: "DISABLED",
    DELETE: "DELETED",
    REVEAL: "ACTIVE",
    ROTATE: "ACTIVE",
    END_ROTATION: "ACTIVE",
  },
  DISABLED: {
    EDIT: "DISABLED",
    ENABLE: "ACTIVE",
    DELETE: "DELETED",
    REVEAL: "DISABLED",
    ROTATE: "DISABLED",
    END_ROTATION: "DISABLED",
  },
  DELETED: {},
};

/** Events in the trail and kinds of the token's own events. The end of a rotation is not an event of the token. */
export const names: Record<Action | "CREATE", { record: string; kind: string | null }> = {
  CREATE: { record: "api_token.created", kind: "CREATED" },
  EDIT: { record: "api_token.updated", kind: "UPDATED" },
  ENABLE: { record: "api_token.enabled", kind: "ENABLED" },
  DISABLE: { record: "api_token.disabled", kind: "DISABLED" },
  DELETE: { record: "api_token.deleted", kind: "DELETED" },
  REVEAL: { record: "api_token.revealed", kind: "REVEALED" },
  ROTATE: { record: "api_token.rotated", kind: "ROTATED" },
  END_ROTATION: { record: "api_token.rotation_ended", kind: null },
};

export interface State {
  status: Status;
  name: string;
  version: number;
  current: string;
  previous: string | null;
  kinds: string[];
  /** Who last disabled it. A token can enable only what a token disabled. */
  disabledBy: ActorKind | null;
  limits: Limits;
}

/** What an edit can also set. */
export interface Limits {
  /** Whether it can be used from its IP range only. */
  hasRange: boolean;
  /** Whether it has a rate limit, which no history reaches. */
  hasRate: boolean;
}

/** An administrator, an OPERATIONS administrator, who sees deleted tokens, or a program with MOD-1255. */
export type ActorKind = "person" | "operator" | "program";

export interface Wish {
  action: Action;
  /** The version that was read. Null for any. */
  version: number | null;
  /** For an edit. */
  name: string;
  limits: Partial<Limits>;
  /** For a rotation, whether the previous value stays valid. */
  overlap: boolean;
}

/** `done`, or why not. */
export function answerTo(state: State, by: ActorKind, { action, version }: Wish): string {
  if (action === "REVEAL" && by === "program") return "FORBIDDEN";
  if (state.status === "DELETED" && by !== "operator") return "NOT_FOUND";
  if (by === "program" && (action === "ROTATE" || action === "END_ROTATION")) return "FORBIDDEN";
  if (!life[state.status][action]) return "ILLEGAL_TRANSITION";
  if (action === "ENABLE" && by === "program" && state.disabledBy !== "program") return "FORBIDDEN";
  if (action === "END_ROTATION" && state.previous === null) return "ILLEGAL_TRANSITION";
  const isAsked = action === "EDIT" || action === "ROTATE";
  return isAsked && version !== null && version !== state.version ? "VERSION_CONFLICT" : "done";
}

/** The token after the action. `value` is the new value of a rotation. */
export function after(
  state: State,
  by: ActorKind,
  { action, name, overlap, limits }: Wish,
  value: string | null,
): State {
  const status = life[state.status][action] ?? state.status;
  const { kind } = names[action];
  const kinds = kind === null || state.kinds.includes(kind) ? state.kinds : [...state.kinds, kind];
  const next = { ...state, status, kinds, version: state.version + (action === "REVEAL" ? 0 : 1) };
  if (action === "DISABLE") return { ...next, disabledBy: by };
  if (action === "EDIT") return { ...next, name, limits: { ...state.limits, ...limits } };
  if (action === "END_ROTATION") return { ...next, previous: null };
  if (action === "ROTATE") return { ...next, current: value ?? "", previous: overlap ? state.current : null };
  return next;
}

/** What a check of this value answers, from the token's IP range or from elsewhere. */
export function checkOf({ status, current, previous, limits }: State, value: string, isInRange: boolean): string {
  if (status !== "ACTIVE" || (value !== current && value !== previous)) return "401";
  if (limits.hasRange && !isInRange) return "403";
  return limits.hasRate ? "200, with a rate limit" : "200";
}

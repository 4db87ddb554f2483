import { type Caller, can, type Permission } from "./permissions.js";

export const apiTokenStatuses = ["ACTIVE", "DISABLED", "DELETED"] as const;
export type ApiTokenStatus = (typeof apiTokenStatuses)[number];

export const apiTokenActions = ["EDIT", "ENABLE", "DISABLE", "DELETE", "REVEAL", "ROTATE"] as const;
export type ApiTokenAction = (typeof apiTokenActions)[number];

interface LifeCycleRule {
  /** Statuses in which the action is allowed. */
  from: readonly ApiTokenStatus[];
  /** The resulting status. Null if it does not change. */
  to: ApiTokenStatus | null;
  permission: Permission;
}

/** The life cycle. The server enforces it, and the web app offers actions by it. A new token is ACTIVE. */
export const lifeCycle: Record<ApiTokenAction, LifeCycleRule> = {
  EDIT: { from: ["ACTIVE", "DISABLED"], to: null, permission: "apiToken:write" },
  ENABLE: { from: ["DISABLED"], to: "ACTIVE", permission: "apiToken:write" },
  DISABLE: { from: ["ACTIVE"], to: "DISABLED", permission: "apiToken:write" },
  DELETE: { from: ["ACTIVE", "DISABLED"], to: "DELETED", permission: "apiToken:write" },
  REVEAL: { from: ["ACTIVE", "DISABLED"], to: null, permission: "apiToken:reveal" },
  ROTATE: { from: ["ACTIVE", "DISABLED"], to: null, permission: "apiToken:rotate" },
};

/** A token can change only other tokens and rotate only itself. */
export function mayActOn(caller: Caller, tokenId: string, action: ApiTokenAction): boolean {
  if (caller.kind === "person") return true;
  return (action === "ROTATE") === (caller.id === tokenId);
}

/** Actions the caller may take on a token now. */
export function availableActions(caller: Caller, token: { id: string; status: ApiTokenStatus }): ApiTokenAction[] {
  return apiTokenActions.filter(
    (action) =>
      lifeCycle[action].from.includes(token.status) &&
      can(caller, lifeCycle[action].permission) &&
      mayActOn(caller, token.id, action),
  );
}

export const apiTokenEventKinds = [
  "CREATED",
  "UPDATED",
  "ENABLED",
  "DISABLED",
  "DELETED",
  "REVEALED",
  "ROTATED",
] as const;
export type ApiTokenEventKind = (typeof apiTokenEventKinds)[number];

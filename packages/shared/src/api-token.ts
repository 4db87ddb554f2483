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

/** Limits that both server and web app enforce. Lengths are in characters. */
export const limits = {
  nameLength: 120,
  descriptionLength: 2000,
  searchLength: 200,
  idempotencyKeyLength: 100,
  modulesPerToken: 200,
  /** Bytes of the uploaded file, before re-encoding. */
  iconBytes: 512 * 1024,
  /** Maximum width and height of the uploaded image, in pixels. */
  iconInputSide: 1_024,
  /** Width and height after re-encoding, in pixels. */
  iconSide: 128,
  pageSize: 100,
  defaultPageSize: 10,
  orderLevels: 8,
  /** How long a previous value may stay valid after a rotation, in seconds: 7 days. */
  rotationOverlapSeconds: 604_800,
  /** Maximum number of days of usage. */
  usageDays: 90,
  filterDepth: 3,
  filterConditions: 20,
  /** Maximum number of entries of one list in a filter, e.g. moduleIds. */
  filterListLength: 100,
} as const;

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

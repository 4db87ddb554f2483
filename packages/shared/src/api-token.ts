import { type Caller, can, type Permission } from "./permissions.js";

export const apiTokenStatuses = ["ACTIVE", "DISABLED", "DELETED"] as const;
export type ApiTokenStatus = (typeof apiTokenStatuses)[number];

export const apiTokenActions = ["EDIT", "ENABLE", "DISABLE", "DELETE", "REVEAL", "ROTATE"] as const;
export type ApiTokenAction = (typeof apiTokenActions)[number];

interface LifeCycleRule {
  /** Statuses in which the action is allowed. */
  from: readonly ApiTokenStatus[];
  /** The status that it leads to; null: it stays as it is. */
  to: ApiTokenStatus | null;
  permission: Permission;
}

/** The life cycle: the server refuses by it and the web app offers by it. A token is added as ACTIVE. */
export const lifeCycle: Record<ApiTokenAction, LifeCycleRule> = {
  EDIT: { from: ["ACTIVE", "DISABLED"], to: null, permission: "apiToken:write" },
  ENABLE: { from: ["DISABLED"], to: "ACTIVE", permission: "apiToken:write" },
  DISABLE: { from: ["ACTIVE"], to: "DISABLED", permission: "apiToken:write" },
  DELETE: { from: ["ACTIVE", "DISABLED"], to: "DELETED", permission: "apiToken:write" },
  REVEAL: { from: ["ACTIVE", "DISABLED"], to: null, permission: "apiToken:reveal" },
  ROTATE: { from: ["ACTIVE", "DISABLED"], to: null, permission: "apiToken:rotate" },
};

/** A token changes other tokens and never itself, but for a new value: that it gives itself alone. */
export function mayActOn(caller: Caller, tokenId: string, action: ApiTokenAction): boolean {
  if (caller.kind === "person") return true;
  return (action === "ROTATE") === (caller.id === tokenId);
}

/** What the caller may do with a token now. */
export function availableActions(caller: Caller, token: { id: string; status: ApiTokenStatus }): ApiTokenAction[] {
  return apiTokenActions.filter(
    (action) =>
      lifeCycle[action].from.includes(token.status) &&
      can(caller, lifeCycle[action].permission) &&
      mayActOn(caller, token.id, action),
  );
}

/** Limits that both sides hold to; lengths in characters. */
export const limits = {
  nameLength: 120,
  descriptionLength: 2000,
  searchLength: 200,
  idempotencyKeyLength: 100,
  modulesPerToken: 200,
  /** Bytes of the uploaded file, before re-encoding. */
  iconBytes: 512 * 1024,
  /** Pixels, each side at most, of the uploaded picture. */
  iconInputSide: 1_024,
  /** Pixels, each side, after re-encoding. */
  iconSide: 128,
  pageSize: 100,
  defaultPageSize: 10,
  orderLevels: 8,
  /** How long a previous value may go on working after a rotation, in seconds: 7 days. */
  rotationOverlapSeconds: 604_800,
  /** How many days of usage are shown at most. */
  usageDays: 90,
  filterDepth: 3,
  filterConditions: 20,
  /** Entries of one list in a filter, e.g. moduleIds. */
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

import { type ApiTokenAction, type ApiTokenEventKind, type AuditEvent, lifeCycle, mayActOn } from "@hallpass/shared";
import { type EntityManager, In } from "typeorm";
import type { CallContext } from "../../../context/request-context.js";
import type { AuthenticatedCaller } from "../../../core/caller-types.js";
import { RequestError, userInputError } from "../../../core/errors.js";
import type { Transaction } from "../../../db/transaction.js";
import { type AuditEntry, writeAuditRecord } from "../../audit/write-audit-record.js";
import { ApiTokenEntity, ApiTokenEventEntity } from "../api-token.entity.js";
import { canSee } from "../visibility.js";

export const actionNames = {
  EDIT: { kind: "UPDATED", event: "api_token.updated", verb: "edited" },
  ENABLE: { kind: "ENABLED", event: "api_token.enabled", verb: "enabled" },
  DISABLE: { kind: "DISABLED", event: "api_token.disabled", verb: "disabled" },
  DELETE: { kind: "DELETED", event: "api_token.deleted", verb: "deleted" },
  REVEAL: { kind: "REVEALED", event: "api_token.revealed", verb: "revealed" },
  ROTATE: { kind: "ROTATED", event: "api_token.rotated", verb: "rotated" },
} as const satisfies Record<ApiTokenAction, { kind: ApiTokenEventKind; event: AuditEvent; verb: string }>;

/** One action on one token, in a transaction. */
export interface Transition {
  /** The token as it was read. */
  token: ApiTokenEntity;
  /**
   * Writes these columns and increments the version, only if the row is still as it was read, so that no status is ever
   * reverted. Returns the row as stored. Throws VERSION_CONFLICT.
   */
  save(change: Partial<ApiTokenEntity>): Promise<ApiTokenEntity>;
  /** Locks the row as it was read until the transaction ends, without changing it. Throws VERSION_CONFLICT. */
  hold(): Promise<void>;
  /** Writes the token's event and the audit record. */
  record(entry?: Partial<Pick<AuditEntry, "summary" | "object" | "before" | "after">>): Promise<void>;
}

/** Throws NOT_FOUND, FORBIDDEN or ILLEGAL_TRANSITION unless the caller may take the action on the token now. */
export async function transition(
  tx: Transaction,
  context: CallContext,
  id: string,
  action: ApiTokenAction,
): Promise<Transition> {
  const { caller } = context;
  const token = await tx.manager.findOneBy(ApiTokenEntity, { id, accountId: caller.account.id });
  return transitionOf(tx, context, checkTransition(caller, token, id, action), action);
}

/** The token, if the caller may take the action on it. Throws NOT_FOUND, FORBIDDEN or ILLEGAL_TRANSITION. */
export function checkTransition(
  caller: AuthenticatedCaller,
  token: ApiTokenEntity | null | undefined,
  id: string,
  action: ApiTokenAction,
): ApiTokenEntity {
  // MariaDB ignores trailing spaces when comparing IDs.
  if (token?.id !== id || !canSee(caller, token)) throw noSuchToken();
  if (caller.kind !== "system" && !mayActOn(caller, id, action))
    throw new RequestError("FORBIDDEN", "An API token can change only other tokens and rotate only itself.");
  if (!lifeCycle[action].from.includes(token.status)) throw illegalTransition(token, action);
  return token;
}

/** Checks nothing. The calling code must have done so. */
export function transitionOf(
  tx: Transaction,
  context: CallContext,
  token: ApiTokenEntity,
  action: ApiTokenAction,
): Transition {
  const { manager } = tx;
  const { kind, event, verb } = actionNames[action];
  const { id, accountId, name, version } = token;
  const asRead = { id, accountId, version, status: In([...lifeCycle[action].from]) };
  const update = async (change: Partial<ApiTokenEntity>) => {
    const { affected } = await manager.update(ApiTokenEntity, asRead, change);
    if (!affected) throw versionConflict();
  };
  return {
    token,
    async save(change) {
      await update({ ...change, version: version + 1 });
      return manager.findOneByOrFail(ApiTokenEntity, { id });
    },
    hold: () => update({ version }),
    async record(entry) {
      await writeEvent(manager, context, id, kind);
      await writeAuditRecord(tx, context, { event, summary: `API token ${name} ${verb}`, object: token, ...entry });
    },
  };
}

/** Stores the latest event of this kind, for the token's details. */
export async function writeEvent(
  manager: EntityManager,
  { app, caller }: CallContext,
  tokenId: string,
  kind: ApiTokenEventKind,
): Promise<void> {
  await manager.upsert(ApiTokenEventEntity, { tokenId, kind, at: app.now(), byId: caller.id, byName: caller.name }, [
    "tokenId",
    "kind",
  ]);
}

export const noSuchToken = () => userInputError("NOT_FOUND", "API token not found.", "id");

export const versionConflict = () =>
  userInputError("VERSION_CONFLICT", "Someone else has changed this token. Reload it, then try again.", "version");

function illegalTransition({ status }: ApiTokenEntity, action: ApiTokenAction) {
  return userInputError(
    "ILLEGAL_TRANSITION",
    `The token is ${status.toLowerCase()}, so it cannot be ${actionNames[action].verb}.`,
    "id",
  );
}

import { setImmediate as nextTurn } from "node:timers/promises";
import { type ApiTokenAction, type ApiTokenStatus, lifeCycle } from "@hallpass/shared";
import { type EntityManager, In } from "typeorm";
import type { CallContext } from "../../../context/request-context.js";
import { RequestError, UserInputError } from "../../../core/errors.js";
import type { Transaction } from "../../../db/transaction.js";
import { writeAuditRecords } from "../../audit/write-audit-record.js";
import { ApiTokenAccessEntity, ApiTokenEntity, ApiTokenEventEntity } from "../api-token.entity.js";
import { ApiTokenSecretEntity } from "../api-token-secret.entity.js";
import { actionNames, checkTransition, versionConflict } from "./transition.js";

/** What became of one token of a change to several. */
export interface BulkResult {
  id: string;
  /** As stored now. Null if there is an error. */
  token: ApiTokenEntity | null;
  /** Why the caller cannot change this token. */
  error: UserInputError | RequestError | null;
}

export type StatusAction = Extract<ApiTokenAction, "ENABLE" | "DISABLE" | "DELETE">;
type Action = StatusAction | "EDIT";

interface Plan {
  /** New values, the same in each token. */
  columns: Partial<ApiTokenEntity>;
  /** What changes in the token, for its audit record. Null if nothing does. Throws if the caller may not change it. */
  of(token: ApiTokenEntity): { before: Record<string, unknown>; after: Record<string, unknown> } | null;
}

type Changed = { token: ApiTokenEntity; change: NonNullable<ReturnType<Plan["of"]>> };

/** About 20 ms of work. */
const rowsPerStatement = 100;

/** The plan of an action that changes the status. */
export function statusPlan(action: StatusAction): Plan {
  const status = lifeCycle[action].to as ApiTokenStatus;
  return {
    columns: { status, deleted: status === "DELETED" ? 1 : 0 },
    of: (token) => ({ before: { status: token.status }, after: { status } }),
  };
}

/** The account's tokens with these IDs. */
async function tokensById(
  manager: EntityManager,
  { caller }: CallContext,
  ids: string[],
): Promise<Map<string, ApiTokenEntity>> {
  const found: ApiTokenEntity[] = [];
  for (const some of inChunks(ids))
    found.push(...(await manager.findBy(ApiTokenEntity, { id: In(some), accountId: caller.account.id })));
  return new Map(found.map((token) => [token.id, token]));
}

/**
 * Takes an action on several tokens in a transaction that has locked the account's audit head. A token that cannot be
 * changed gets an error and holds up none of the others. Each changed token gets an event and an audit record. A few
 * statements change hundreds, and other work runs in between.
 */
export async function changeMany(
  tx: Transaction,
  context: CallContext,
  ids: string[],
  action: Action,
  plan: Plan,
): Promise<BulkResult[]> {
  const known = await tokensById(tx.manager, context, ids);
  const changes: Changed[] = [];
  const results = ids.map((id): BulkResult => {
    try {
      const token = checkTransition(context.caller, known.get(id), id, action);
      const change = plan.of(token);
      if (!change) return { id, token, error: null };
      changes.push({ token, change });
      const changed = Object.assign(new ApiTokenEntity(), token, plan.columns, { version: token.version + 1 });
      return { id, token: changed, error: null };
    } catch (error) {
      if (!(error instanceof UserInputError || error instanceof RequestError)) throw error;
      return { id, token: null, error };
    }
  });
  for (const some of inChunks(changes)) {
    await store(
      tx.manager,
      some.map(({ token }) => token.id),
      action,
      plan.columns,
    );
    await writeRecords(tx, context, some, action);
    await nextTurn();
  }
  return results;
}

async function store(manager: EntityManager, ids: string[], action: Action, columns: Partial<ApiTokenEntity>) {
  const asRead = { id: In(ids), status: In([...lifeCycle[action].from]) };
  const { affected } = await manager.update(ApiTokenEntity, asRead, { ...columns, version: () => "version + 1" });
  // Only on a cluster can another node have changed one despite the lock.
  if (affected !== ids.length) throw versionConflict();
  if (action !== "DELETE") return;
  await manager.delete(ApiTokenSecretEntity, { tokenId: In(ids) });
  await manager.update(ApiTokenAccessEntity, { tokenId: In(ids) }, { deleted: 1 });
}

async function writeRecords(tx: Transaction, context: CallContext, changes: Changed[], action: Action): Promise<void> {
  const { kind, event, verb } = actionNames[action];
  const { app, caller } = context;
  const events = changes.map(({ token }) => ({
    tokenId: token.id,
    kind,
    at: app.now(),
    byId: caller.id,
    byName: caller.name,
  }));
  await tx.manager.upsert(ApiTokenEventEntity, events, ["tokenId", "kind"]);
  await writeAuditRecords(
    tx,
    context,
    changes.map(({ token, change }) => ({
      event,
      summary: `API token ${token.name} ${verb}`,
      object: token,
      ...change,
    })),
  );
}

function* inChunks<T>(all: T[]): Generator<T[]> {
  for (let start = 0; start < all.length; start += rowsPerStatement) yield all.slice(start, start + rowsPerStatement);
}

import {
  type ApiTokenAction,
  type ApiTokenEventKind,
  type InputFault,
  inputFaults,
  lifeCycle,
  mayActOn,
} from "@hallpass/shared";
import { type EntityManager, In } from "typeorm";
import type { z } from "zod";
import type { CallContext } from "../../context/request-context.js";
import { RequestError, UserFault, userFault } from "../../core/errors.js";
import { AccountModuleEntity } from "../accounts/account.entity.js";
import { ApiTokenEntity, ApiTokenEventEntity } from "./api-token.entity.js";
import { canSee } from "./visibility.js";

// What creating, editing and the changes of status have in common.

/** The input in the form that is stored, or the faults that people read. */
export function checkedInput<Schema extends z.ZodType>(schema: Schema, input: object): z.output<Schema> {
  const { data, error } = schema.safeParse(input);
  if (error) throw new UserFault(inputFaults(error));
  return data;
}

/** The last moment that both databases can store. */
const endOfTime = new Date("9999-12-31T23:59:59.999Z");

export function checkExpiry({ app }: CallContext, expiresAt: Date | null | undefined): void {
  if (!expiresAt) return;
  if (expiresAt <= app.now()) throw userFault("INVALID", "The expiry must be in the future.", "expiresAt");
  if (expiresAt > endOfTime) throw userFault("INVALID", "The expiry must be before the year 10000.", "expiresAt");
}

/** Each module must be enabled for the account. `listed`: the modules in the input, to say which of them is not. */
export async function checkEnabled(
  { caller }: Pick<CallContext, "caller">,
  manager: EntityManager,
  moduleIds: string[],
  listed = moduleIds,
): Promise<void> {
  const enabled = await manager.findBy(AccountModuleEntity, { accountId: caller.account.id });
  const enabledIds = new Set(enabled.map(({ moduleId }) => moduleId));
  const faults = moduleIds.flatMap((id): InputFault[] => {
    if (enabledIds.has(id)) return [];
    const message = `Module ${id} is not enabled for the account.`;
    return [{ code: "MODULE_NOT_ENABLED", field: ["moduleIds", String(listed.indexOf(id))], message }];
  });
  if (faults.length) throw new UserFault(faults);
}

/** Name, identifier and description, a line each, in the form in which they are searched. */
export function searchTextOf({
  id,
  name,
  description,
}: {
  id: string;
  name: string;
  description: string | null;
}): string {
  return [name, id, description ?? ""].join("\n").toLowerCase();
}

/** The latest event of each kind, for the token's details. */
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

/** The token, when the caller may do this with it now. */
export async function changeable(
  { caller }: CallContext,
  manager: EntityManager,
  id: string,
  action: ApiTokenAction,
): Promise<ApiTokenEntity> {
  const token = await manager.findOneBy(ApiTokenEntity, { id, accountId: caller.account.id });
  // MariaDB takes an identifier with blanks behind it for the one without.
  if (token?.id !== id || !canSee(caller, token)) throw noSuchToken();
  if (caller.kind !== "system" && !mayActOn(caller, id, action))
    throw new RequestError("FORBIDDEN", "An API token can change only other tokens and rotate only itself.");
  if (!lifeCycle[action].from.includes(token.status)) throw illegalTransition(token, action);
  return token;
}

/**
 * Writes only where the row still is as it was read, so that of two changes at once one is refused and no
 * status is ever brought back. Gives the row as it is then.
 */
export async function guardedUpdate(
  manager: EntityManager,
  token: ApiTokenEntity,
  action: ApiTokenAction,
  change: Partial<ApiTokenEntity>,
): Promise<ApiTokenEntity> {
  const { affected } = await manager.update(ApiTokenEntity, asRead(token, action), {
    ...change,
    version: token.version + 1,
  });
  if (!affected) throw versionConflict();
  return manager.findOneByOrFail(ApiTokenEntity, { id: token.id });
}

/** Lets nobody change the row until the transaction ends, and changes nothing itself. */
export async function holdAsRead(manager: EntityManager, token: ApiTokenEntity, action: ApiTokenAction): Promise<void> {
  const { affected } = await manager.update(ApiTokenEntity, asRead(token, action), { version: token.version });
  if (!affected) throw versionConflict();
}

const asRead = ({ id, accountId, version }: ApiTokenEntity, action: ApiTokenAction) => ({
  id,
  accountId,
  version,
  status: In([...lifeCycle[action].from]),
});

export const noSuchToken = () => userFault("NOT_FOUND", "API token not found.", "id");

export const versionConflict = () =>
  userFault("VERSION_CONFLICT", "Someone else has changed this token. Reload it, then try again.", "version");

const words: Record<ApiTokenAction, string> = {
  EDIT: "edited",
  ENABLE: "enabled",
  DISABLE: "disabled",
  DELETE: "deleted",
  REVEAL: "revealed",
  ROTATE: "rotated",
};

function illegalTransition({ status }: ApiTokenEntity, action: ApiTokenAction) {
  return userFault(
    "ILLEGAL_TRANSITION",
    `The token is ${status.toLowerCase()}, so it cannot be ${words[action]}.`,
    "id",
  );
}

import { type ApiTokenEventKind, type InputFault, inputFaults } from "@hallpass/shared";
import type { EntityManager } from "typeorm";
import type { z } from "zod";
import { UserFault, userFault } from "../../errors.js";
import type { CallContext } from "../../request-context.js";
import { AccountModuleEntity } from "../accounts/account.entity.js";
import { ApiTokenEventEntity } from "./api-token.entity.js";

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

/** Each module must be enabled for the account; and a token grants only what it has itself. */
export async function checkGrantable(
  { caller }: Pick<CallContext, "caller">,
  manager: EntityManager,
  moduleIds: string[],
  field = "moduleIds",
): Promise<void> {
  const enabled = await manager.findBy(AccountModuleEntity, { accountId: caller.account.id });
  const enabledIds = new Set(enabled.map(({ moduleId }) => moduleId));
  const faults = moduleIds.flatMap((id, index): InputFault[] => {
    const path = [field, String(index)];
    if (!enabledIds.has(id))
      return [{ code: "MODULE_NOT_ENABLED", field: path, message: `The module ${id} is not enabled for the account.` }];
    if (caller.kind === "token" && !caller.moduleIds.includes(id))
      return [
        {
          code: "MODULE_NOT_ENABLED",
          field: path,
          message: `The calling token does not have the module ${id}, so it cannot grant it.`,
        },
      ];
    return [];
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

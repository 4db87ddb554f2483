import type { UserError } from "@hallpass/shared";
import { parseIpRange } from "@hallpass/shared/check";
import type { EntityManager } from "typeorm";
import type { CallContext } from "../../../context/request-context.js";
import { UserInputError, userInputError } from "../../../core/errors.js";
import { AccountModuleEntity } from "../../accounts/account.entity.js";

/** The latest time both databases can store. */
const endOfTime = new Date("9999-12-31T23:59:59.999Z");

export function checkExpiry({ app }: CallContext, expiresAt: Date | null | undefined): void {
  if (!expiresAt) return;
  if (expiresAt <= app.now()) throw userInputError("INVALID", "The expiry must be in the future.", "expiresAt");
  if (expiresAt > endOfTime) throw userInputError("INVALID", "The expiry must be before the year 10000.", "expiresAt");
}

/** The canonical CIDRs, each once. Null for anywhere, undefined if there is no input. Throws INVALID. */
export function checkedIpRanges(ranges: string[] | undefined): string[] | null | undefined {
  if (ranges === undefined) return undefined;
  const canonical = ranges.map((range, index) => {
    try {
      return parseIpRange(range);
    } catch (error) {
      throw userInputError("INVALID", (error as Error).message, "ipRanges", String(index));
    }
  });
  return canonical.length > 0 ? [...new Set(canonical)] : null;
}

/**
 * Throws MODULE_NOT_ENABLED unless each module is enabled for the account. `listed` contains the modules in the input,
 * to report which of them is not.
 */
export async function checkEnabled(
  { caller }: Pick<CallContext, "caller">,
  manager: EntityManager,
  moduleIds: string[],
  listed = moduleIds,
): Promise<void> {
  const enabled = await manager.findBy(AccountModuleEntity, { accountId: caller.account.id });
  const enabledIds = new Set(enabled.map(({ moduleId }) => moduleId));
  const errors = moduleIds.flatMap((id): UserError[] => {
    if (enabledIds.has(id)) return [];
    const message = `Module ${id} is not enabled for the account.`;
    return [{ code: "MODULE_NOT_ENABLED", field: ["moduleIds", String(listed.indexOf(id))], message }];
  });
  if (errors.length) throw new UserInputError(errors);
}

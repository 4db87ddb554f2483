import { type EntityManager, In } from "typeorm";
import { userInputError } from "../../../core/errors.js";
import { ApiTokenEntity } from "../api-token.entity.js";

/** Maximum number of descendants one change can include. */
const maxDescendants = 1_000;
const idsPerStatement = 500;

/**
 * Tokens that this token created, directly or through other tokens, in any status, ordered by ID. Throws LIMIT_REACHED
 * if there are more than 1,000.
 */
export async function descendantsOf(
  manager: EntityManager,
  { id, accountId }: Pick<ApiTokenEntity, "id" | "accountId">,
): Promise<ApiTokenEntity[]> {
  const found = new Map<string, ApiTokenEntity>();
  for (let creators = [id]; creators.length > 0; ) {
    const created = await manager.find(ApiTokenEntity, {
      where: { accountId, createdById: In(creators.splice(0, idsPerStatement)) },
      take: maxDescendants + 1,
    });
    for (const token of created) {
      if (found.has(token.id)) continue;
      found.set(token.id, token);
      creators.push(token.id);
    }
    if (found.size > maxDescendants)
      throw userInputError(
        "LIMIT_REACHED",
        `The token has more than ${maxDescendants.toLocaleString("en")} descendants. First disable the tokens it created.`,
        "includeDescendants",
      );
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Number of active descendants, without a limit. */
export async function countActiveDescendants(manager: EntityManager, id: string): Promise<number> {
  const [row] = await manager.query(
    `WITH RECURSIVE descendant AS (
       SELECT id, status FROM api_token WHERE created_by_id = ?
       UNION
       SELECT token.id, token.status FROM api_token token JOIN descendant ON token.created_by_id = descendant.id
     )
     SELECT COUNT(*) AS count FROM descendant WHERE status = 'ACTIVE'`,
    [id],
  );
  return Number(row.count);
}

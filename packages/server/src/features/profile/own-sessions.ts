import { In } from "typeorm";
import type { PersonContext } from "../../context/request-context.js";
import { badInput } from "../../core/errors.js";
import { writeAuditRecord } from "../audit/write-audit-record.js";
import { inAuthorizedTransaction } from "../callers/authorized-transaction.js";
import { validSessions } from "../sessions/find-session.js";
import { SessionEntity } from "../sessions/session.entity.js";

/** More than anyone has. */
const maxListed = 100;

/** The person's sessions in all accounts, last used first. */
export function ownSessions({ app, caller }: PersonContext): Promise<SessionEntity[]> {
  return app.dataSource.manager.find(SessionEntity, {
    where: { ...validSessions(app), userId: caller.id },
    order: { lastSeenAt: "DESC", id: "ASC" },
    take: maxListed,
  });
}

/** Ends those of the sessions that are the person's own, and returns their IDs. Throws BAD_USER_INPUT for too many. */
export async function endSessions(context: PersonContext, ids: string[]): Promise<string[]> {
  if (ids.length > maxListed) throw badInput(`End up to ${maxListed} sessions at a time.`);
  return inAuthorizedTransaction(context, "profile:write", async (tx, { caller }) => {
    const which = { id: In(ids), userId: caller.id };
    const ended = (await tx.manager.findBy(SessionEntity, which)).map(({ id }) => id);
    if (ended.length === 0) return [];
    await tx.manager.delete(SessionEntity, which);
    await writeAuditRecord(tx, context, {
      event: "user.signed_out",
      summary: `${caller.name} ended ${ended.length === 1 ? "a session" : `${ended.length} sessions`}`,
      object: caller,
      after: { sessions: ended.length },
    });
    return ended;
  });
}

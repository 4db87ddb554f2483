import type { AppContext } from "../../context/app-context.js";
import { UserInputError } from "../../core/errors.js";
import { inTransaction } from "../../db/transaction.js";
import { lockAuditTrails } from "../audit/write-audit-record.js";
import { hashPassword } from "../sessions/passwords.js";
import { SessionEntity } from "../sessions/session.entity.js";
import type { UserEntity } from "../users/user.entity.js";
import { changePassword } from "./apply-users.js";
import { Journal } from "./journal.js";
import type { PlatformChange } from "./platform-change.js";
import { type PlatformState, readPlatformState } from "./platform-state.js";

/**
 * Gives a person a new password and ends their sessions. `who` is their ID or email address. Recorded in the trails of
 * their accounts. Throws NOT_FOUND.
 */
export async function setPassword(app: AppContext, who: string, password: string): Promise<string[]> {
  const passwordHash = await hashPassword(password);
  return changeOne(app, who, (change, user, concerned) => changePassword(change, user, passwordHash, concerned));
}

/** Signs a person out everywhere. Otherwise like `setPassword`. */
export function endSessions(app: AppContext, who: string): Promise<string[]> {
  return changeOne(app, who, async ({ manager, journal }, { id, name }, concerned) => {
    const { affected } = await manager.delete(SessionEntity, { userId: id });
    if (!affected) return;
    journal.say(`user ${id} is signed out: ${affected} ${affected === 1 ? "session" : "sessions"} ended`);
    const summary = `${name} was signed out everywhere`;
    journal.record(concerned, { event: "user.signed_out", summary, object: { id, name } });
  });
}

type Change = Pick<PlatformChange, "manager" | "journal">;

/** Returns what changed, one line each. */
async function changeOne(
  app: AppContext,
  who: string,
  apply: (change: Change, user: UserEntity, concerned: string[]) => Promise<void>,
): Promise<string[]> {
  return inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    await lockAuditTrails(manager);
    const state = await readPlatformState(manager);
    const user = findUser(state, who);
    const journal = new Journal();
    await apply({ manager, journal }, user, [...(state.rolesOf.get(user.id)?.keys() ?? [])]);
    await journal.write(app, tx, state);
    return journal.lines;
  });
}

function findUser({ users, userIdByEmail }: PlatformState, who: string): UserEntity {
  const user = users.get(who) ?? users.get(userIdByEmail.get(who.trim().toLowerCase()) ?? "");
  if (!user) throw new UserInputError([{ code: "NOT_FOUND", field: ["user"], message: `User ${who} not found.` }]);
  return user;
}

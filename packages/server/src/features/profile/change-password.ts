import { changePasswordInput } from "@hallpass/shared";
import { Not } from "typeorm";
import type { PersonContext } from "../../context/request-context.js";
import { checkedInput } from "../../core/checked-input.js";
import { userInputError } from "../../core/errors.js";
import { inTransaction } from "../../db/transaction.js";
import { networkOf } from "../../http/client-address.js";
import { lockAuditHead, writeAuditRecord } from "../audit/write-audit-record.js";
import { holdSession } from "../sessions/find-session.js";
import { hashPassword, isPassword } from "../sessions/passwords.js";
import { SessionEntity } from "../sessions/session.entity.js";
import { passwordsOff } from "../sessions/sign-in.js";
import { recordRefusal } from "../sessions/start-session.js";
import { UserEntity } from "../users/user.entity.js";
import { accountsOfUser } from "../users/users.service.js";

/**
 * Changes the person's own password and ends their other sessions. Recorded in all of their accounts. Attempts are
 * limited like sign-ins, so that someone at an unattended browser cannot guess. Throws WRONG_CREDENTIALS, INVALID for a
 * common password, RATE_LIMITED, or FORBIDDEN if people do not sign in with passwords.
 */
export async function changePassword(
  { app, caller, origin }: PersonContext,
  rawInput: { currentPassword: string; newPassword: string },
): Promise<void> {
  if (!app.config.passwordSignIn) throw passwordsOff();
  const { currentPassword, newPassword } = checkedInput(changePasswordInput, rawInput);
  if (await isCommon(newPassword))
    throw userInputError("INVALID", "This is one of the most common passwords. Choose another.", "newPassword");
  const user = await app.dataSource.manager.findOneByOrFail(UserEntity, { id: caller.id });
  const refuse = (how: "refused" | "throttled") => recordRefusal({ app, origin }, user, how, "Change of password by");
  const passwordHash = await app.signInQueue.admit(networkOf(origin.ip), async (limit) => {
    // Only once admitted, as for a sign-in.
    await app.signInLimits.perPerson.take(caller.id, () => refuse("throttled"));
    if (!(await limit(() => isPassword(currentPassword, user.passwordHash)))) {
      await refuse("refused");
      throw wrongPassword();
    }
    return limit(() => hashPassword(newPassword));
  });
  await inTransaction(app.dataSource, async (tx) => {
    const { manager } = tx;
    const accounts = await accountsOfUser(manager, caller.id);
    // In ID order, so that this never deadlocks with a sign-in.
    for (const id of accounts.map((account) => account.id).sort()) await lockAuditHead(manager, id);
    await holdSession(app, manager, caller.sessionId, origin);
    const unchanged = { id: user.id, passwordHash: user.passwordHash };
    const { affected } = await manager.update(UserEntity, unchanged, { passwordHash });
    if (!affected) throw wrongPassword();
    await manager.delete(SessionEntity, { userId: user.id, id: Not(caller.sessionId) });
    for (const account of accounts)
      await writeAuditRecord(
        tx,
        { app, origin, caller: { ...caller, account } },
        { event: "user.password_changed", summary: `${user.name} changed their password`, object: user },
      );
  });
  await app.signInLimits.perPerson.reset(caller.id);
}

const wrongPassword = () =>
  userInputError("WRONG_CREDENTIALS", "The current password is incorrect.", "currentPassword");

/** Half a megabyte, read when it is first needed. */
let common: Promise<Set<string>> | undefined;

async function isCommon(password: string): Promise<boolean> {
  common ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set((dictionary["passwords-common"] as string[]).map((each) => each.toLowerCase())),
  );
  return (await common).has(password.toLowerCase());
}

import { IsNull } from "typeorm";
import type { AppContext } from "../context/app-context.js";
import { AccountEntity } from "../features/accounts/account.entity.js";
import { MembershipEntity } from "../features/users/user.entity.js";
import { usersOfAccount } from "../features/users/users.service.js";
import { type OutputOptions, printRows } from "./print.js";
import { systemContext } from "./with-app.js";

/** Open accounts, by ID. */
export async function listAccounts(app: AppContext, options: OutputOptions): Promise<void> {
  const accounts = await app.dataSource.manager.find(AccountEntity, {
    where: { closedAt: IsNull() },
    order: { id: "ASC" },
  });
  await printRows(
    accounts.map(({ id, type, name }) => ({ id, type, name })),
    options,
  );
}

/** People with a role in the account, by name. */
export async function listUsers(app: AppContext, options: OutputOptions & { account: string }): Promise<void> {
  const { manager } = app.dataSource;
  await systemContext(app, options.account);
  const memberships = await manager.findBy(MembershipEntity, { accountId: options.account });
  const roles = new Map(memberships.map(({ userId, role }) => [userId, role]));
  const users = await usersOfAccount(manager, options.account);
  await printRows(
    users.map(({ id, name, email }) => ({ id, role: roles.get(id) ?? null, email, name })),
    options,
  );
}

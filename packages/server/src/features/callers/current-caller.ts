import { whyDenied } from "@hallpass/shared/check";
import type { EntityManager } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { CallContext } from "../../context/request-context.js";
import type { AuthenticatedCaller, PersonCaller, TokenCaller } from "../../core/caller-types.js";
import { invalidToken, outsideIpRanges } from "../../core/errors.js";
import { assertAllowed } from "../../graphql/allow.js";
import type { Access } from "../../graphql/graphql-types.js";
import { readTokenSnapshots } from "../checks/token-snapshot.js";
import { currentRole } from "../sessions/find-session.js";

/**
 * The caller as they are now rather than when the request arrived: same session or value, with the current role,
 * modules and expiry. Throws UNAUTHENTICATED if the session or value is no longer valid, and FORBIDDEN if the caller
 * may not do this.
 */
export async function currentCaller<Caller extends AuthenticatedCaller>(
  { app, caller, origin }: CallContext<Caller>,
  manager: EntityManager,
  access: Access,
): Promise<Caller> {
  if (caller.kind === "system") return caller;
  const now = app.now();
  const current =
    caller.kind === "person"
      ? await currentPerson(app, caller, manager)
      : await currentToken(caller, manager, now, origin.ip);
  assertAllowed(current, access);
  return current as Caller;
}

async function currentPerson(app: AppContext, caller: PersonCaller, manager: EntityManager): Promise<PersonCaller> {
  return { ...caller, role: await currentRole(app, manager, caller) };
}

async function currentToken(
  caller: TokenCaller,
  manager: EntityManager,
  now: Date,
  ip: string | null,
): Promise<TokenCaller> {
  const snapshot = (await readTokenSnapshots(manager, [caller.id])).get(caller.id);
  const denial = snapshot ? whyDenied(snapshot, caller.digest, now.getTime(), [], ip) : "unknown";
  if (denial === "outside_ip_ranges") throw outsideIpRanges();
  if (!snapshot || denial) throw invalidToken();
  const { moduleIds, expiresAt, ipRanges, rateLimit } = snapshot;
  return { ...caller, moduleIds, expiresAt, ipRanges, rateLimit };
}

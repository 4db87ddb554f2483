import { parseTokenValue } from "@hallpass/shared";
import { whyDenied } from "@hallpass/shared/check";
import type { AppContext } from "../../../context/app-context.js";
import { type RequestOrigin, systemCaller } from "../../../core/caller-types.js";
import { inAuthorizedTransaction } from "../../callers/authorized-transaction.js";
import { readTokenSnapshots } from "../../checks/token-snapshot.js";
import { TokenNoticeEntity } from "../../notices/token-notice.entity.js";
import { digestOf } from "../token-secret.js";
import { changeStatus } from "./change-status.js";
import { transition } from "./transition.js";

/** Where a value was found, as a scanner reports it. */
export interface Leak {
  reason: string | null;
  url: string | null;
}

/**
 * Disables the active token that this is a valid value of. Does nothing for any other text, and returns the same.
 * Resolves only once this process denies the token.
 */
export async function revokeByValue(
  app: AppContext,
  origin: RequestOrigin,
  value: string,
  leak: Leak | null,
): Promise<void> {
  const id = parseTokenValue(value)?.tokenId;
  if (!id) return;
  const digest = digestOf(value);
  const known = await app.tokens.get(id);
  if (!known || !isRevocable(whyDenied(known, digest, app.now().getTime()))) return;
  const request = { app, caller: systemCaller(known.account), origin };
  await inAuthorizedTransaction(request, "apiToken:write", async (tx, context) => {
    // Again, as the token may have been rotated or disabled meanwhile.
    const current = (await readTokenSnapshots(tx.manager, [id])).get(id);
    if (!current || !isRevocable(whyDenied(current, digest, app.now().getTime()))) return;
    const disabling = await transition(tx, context, id, "DISABLE");
    const { name } = disabling.token;
    if (leak) await tx.manager.upsert(TokenNoticeEntity, leakNotice(id, app.now()), ["tokenId", "kind"]);
    await changeStatus(disabling, "DISABLE", {
      summary: leak
        ? `API token ${name} disabled because its value was reported as leaked`
        : `API token ${name} disabled by a holder of its value`,
      after: { status: "DISABLED", ...(leak?.reason && { reason: leak.reason }), ...(leak?.url && { url: leak.url }) },
    });
  });
}

const leakNotice = (tokenId: string, at: Date) => ({ tokenId, kind: "LEAK" as const, about: at, at, emailedAt: null });

/** A token that is valid, or will be once its account is open again. An expiry can be extended. */
const isRevocable = (denial: ReturnType<typeof whyDenied>) =>
  denial === null || denial === "expired" || denial === "account_closed";

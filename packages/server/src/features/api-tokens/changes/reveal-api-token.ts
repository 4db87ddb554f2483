import type { CallContext } from "../../../context/request-context.js";
import { inAuthorizedTransaction } from "../../callers/authorized-transaction.js";
import { checkRecentSignIn, checkReveal, policyOf } from "../../policy/policy.js";
import type { RevealPurpose } from "../api-token.inputs.js";
import { countReveal, openSecret } from "../token-secret.js";
import { noSuchToken, transition } from "./transition.js";

/** The value. Returned only if its audit record is stored. */
export async function revealApiToken(request: CallContext, id: string, purpose: RevealPurpose): Promise<string> {
  await countReveal(request);
  return inAuthorizedTransaction(request, "apiToken:reveal", async (tx, context) => {
    const { token, hold, record } = await transition(tx, context, id, "REVEAL");
    const policy = await policyOf(tx.manager, token.accountId);
    checkReveal(policy);
    await checkRecentSignIn(tx.manager, context, policy);
    // Otherwise the value could be rotated or deleted before its record is written.
    await hold();
    const value = await openSecret(tx.manager, context.app.keyring, token);
    if (value === null) throw noSuchToken();
    const summary = `Value of API token ${token.name} ${purpose === "COPY" ? "copied" : "shown"}`;
    await record({ summary, after: { purpose } });
    return value;
  });
}

import type { CallContext } from "../../../context/request-context.js";
import { inAuthorizedTransaction } from "../../callers/authorized-transaction.js";
import type { RevealPurpose } from "../api-token.inputs.js";
import { countReveal, openSecret } from "../token-secret.js";
import { noSuchToken, transition } from "./transition.js";

/** The value. Given out only together with its audit record. */
export async function revealApiToken(request: CallContext, id: string, purpose: RevealPurpose): Promise<string> {
  await countReveal(request);
  return inAuthorizedTransaction(request, "apiToken:reveal", async (tx, context) => {
    const { token, hold, record } = await transition(tx, context, id, "REVEAL");
    // Else a value could be given out that was rotated or deleted by the time its record is written.
    await hold();
    const value = await openSecret(tx.manager, context.app.keyring, token);
    if (value === null) throw noSuchToken();
    const summary = `Value of API token ${token.name} ${purpose === "COPY" ? "copied" : "shown"}`;
    await record({ summary, after: { purpose } });
    return value;
  });
}

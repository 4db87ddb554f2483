import type { ApolloServerPlugin } from "@apollo/server";
import { revocationBoundMs } from "@hallpass/shared/check";
import { callContext, type RequestContext } from "../../context/request-context.js";
import type { AuthenticatedCaller } from "../../core/caller-types.js";
import { RequestError } from "../../core/errors.js";
import { toRequestError } from "../../http/to-request-error.js";
import { currentCaller } from "./current-caller.js";

/**
 * A query that took longer than the revocation bound is answered only if the caller has not lost access since it
 * arrived. Mutations verify that in their transactions.
 */
export const withholdLateAnswers: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, operation, response }) {
        const { app, caller, arrivedAt } = contextValue;
        if (!caller || operation?.operation !== "query" || app.now().getTime() - arrivedAt <= revocationBoundMs) return;
        try {
          const current = await currentCaller(callContext(contextValue), app.dataSource.manager, "caller");
          if (hasLost(caller, current)) throw accessChanged();
        } catch (error) {
          const { shown, ours } = toRequestError(error);
          if (ours) app.report(ours, contextValue.origin.requestId);
          const { message, code, status, headers, details } = shown;
          response.body = {
            kind: "single",
            singleResult: { data: null, errors: [{ message, extensions: { ...details, code } }] },
          };
          response.http.status = status;
          for (const [name, value] of Object.entries(headers)) response.http.headers.set(name.toLowerCase(), value);
        }
      },
    };
  },
};

function hasLost(before: AuthenticatedCaller, now: AuthenticatedCaller): boolean {
  if (before.kind === "person") return now.kind !== "person" || now.role !== before.role;
  if (before.kind === "token")
    return now.kind !== "token" || !before.moduleIds.every((id) => now.moduleIds.includes(id));
  return false;
}

const accessChanged = () =>
  new RequestError("FORBIDDEN", "Your access changed while the request was being processed. Send it again.");

import { hallpassModules } from "@hallpass/shared";
import { type Credential, decide } from "@hallpass/shared/check";
import type { FastifyRequest } from "fastify";
import type { AppContext } from "../../context/app-context.js";
import { ambiguousCredentials, invalidClient, RequestError } from "../../core/errors.js";
import { userAgentOf } from "../../http/client-address.js";
import { errorOf } from "./denial.js";

/** Throws unless the credential is a token of an OPERATIONS account with the module 'Token verification'. */
export async function assertMayVerify(app: AppContext, request: FastifyRequest, credential: Credential): Promise<void> {
  if (credential.kind === "ambiguous") throw ambiguousCredentials();
  if (credential.kind !== "value") throw invalidClient(credential.kind !== "none");
  const origin = { ip: app.addresses.of(request.raw), userAgent: userAgentOf(request) };
  const caller = await decide(app, credential, origin, [hallpassModules.tokenVerification]);
  if (caller.good && caller.token.account.type === "OPERATIONS") return;
  if (!caller.good && caller.bucket) throw errorOf(caller);
  if (!caller.good && caller.reason !== "insufficient_scope") throw invalidClient(true);
  throw new RequestError(
    "FORBIDDEN",
    `Verifying tokens requires a token of an OPERATIONS account with module ${hallpassModules.tokenVerification}.`,
  );
}

import { RequestError, unavailable } from "../core/errors.js";
import { isUnavailable } from "../db/database-errors.js";
import { MissingKeyError } from "../infra/keyring.js";

/** What is stored cannot be decrypted, or what is new not encrypted; checks go on. */
const withoutKey = () =>
  new RequestError(
    "SERVICE_UNAVAILABLE",
    "The value's encryption key is not configured. Contact your Hallpass operator.",
  );

const internalError = () => new RequestError("INTERNAL_SERVER_ERROR", "Something went wrong on our side.");

/** What may be shown of any error. The second is for the log when the error is ours. */
export function toRequestError(error: unknown): { shown: RequestError; ours: unknown } {
  if (error instanceof RequestError) return { shown: error, ours: null };
  if (isUnavailable(error)) return { shown: unavailable(), ours: error };
  if (error instanceof MissingKeyError) return { shown: withoutKey(), ours: error };
  return { shown: internalError(), ours: error };
}

import { Undecided } from "@hallpass/shared/check";
import { RequestError, unavailable } from "../core/errors.js";
import { isTimedOut, isUnavailable } from "../db/database-errors.js";
import { MissingKeyError } from "../infra/keyring.js";

/** A stored value cannot be decrypted, or a new one encrypted. Checks still work. */
const withoutKey = () =>
  new RequestError(
    "SERVICE_UNAVAILABLE",
    "The value's encryption key is not configured. Contact your Hallpass operator.",
  );

const tookTooLong = () =>
  new RequestError("SERVICE_UNAVAILABLE", "The query took longer than 5 seconds. Narrow the search or the filter.");

const internalError = () => new RequestError("INTERNAL_SERVER_ERROR", "Something went wrong on our side.");

/** Converts any error to one that may be shown. `ours` is the error to log if it is a bug or a failure, else null. */
export function toRequestError(error: unknown): { shown: RequestError; ours: unknown } {
  if (error instanceof RequestError) return { shown: error, ours: null };
  if (error instanceof Undecided) return { shown: unavailable(), ours: null };
  if (isTimedOut(error)) return { shown: tookTooLong(), ours: error };
  if (isUnavailable(error)) return { shown: unavailable(), ours: error };
  if (error instanceof MissingKeyError) return { shown: withoutKey(), ours: error };
  return { shown: internalError(), ours: error };
}

import { UserInputError } from "../core/errors.js";
import { isRefused, isUnavailable } from "../db/database-errors.js";
import { PlatformFileError } from "../features/platform/platform-file.js";
import { ConfigError } from "../infra/config.js";
import { MissingKeyError } from "../infra/keyring.js";

/** The output of a failed command: a message, or the error with its stack if it is a bug. */
export function explainFailure(error: unknown): unknown {
  if ([ConfigError, MissingKeyError, UserInputError, PlatformFileError].some((type) => error instanceof type))
    return (error as Error).message;
  if (isRefused(error)) return `The database cannot be used: ${(error as Error).message}`;
  if (isUnavailable(error)) return `The database cannot be reached: ${(error as Error).message || "no host responds"}`;
  // File system errors: a folder that cannot be created, a file that cannot be written.
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  return code && syscall ? message : error;
}

import { ConfigError } from "../config.js";
import { isUnavailable } from "../db/database-errors.js";
import { UserFault } from "../errors.js";
import { PlatformFileError } from "../features/platform/platform-file.js";
import { MissingKeyError } from "../keyring.js";

/** For whoever runs the command; with the stack only when the fault is ours. */
export function explainFailure(error: unknown): unknown {
  if ([ConfigError, MissingKeyError, UserFault, PlatformFileError].some((type) => error instanceof type))
    return (error as Error).message;
  if (isUnavailable(error)) return `The database cannot be reached: ${(error as Error).message || "no host answers"}`;
  if ((error as NodeJS.ErrnoException).code === "EADDRINUSE")
    return "Another program listens on this PORT. Set another.";
  return error;
}

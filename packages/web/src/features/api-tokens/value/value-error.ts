import { CopyRefused } from "../../../lib/copy-text";
import { errorMessage } from "../../../lib/error-message";
import { RevealRefused } from "../mutations/api-token-mutations";

/** Explains why a value was neither shown nor copied. */
export function valueErrorInWords(error: unknown): string {
  if (error instanceof RevealRefused) return error.message;
  if (error instanceof CopyRefused) {
    return "Your browser blocked copying. Show the value, then select and copy it.";
  }
  return `${errorMessage(error)} Nothing was shown or copied. Try again.`;
}

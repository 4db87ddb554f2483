import { useState } from "react";
import { errorMessage } from "../../../components/error-message";
import type { ApiTokenChange, ChangeFault } from "./api-token-change";

interface Failure {
  message: string;
  canRetry: boolean;
}

/** One change that was asked for: under way, failed, or done. */
export function useRun(change: ApiTokenChange, onDone: () => void) {
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function run(id: string) {
    setPending(true);
    try {
      const [fault] = await change(id);
      if (!fault) return onDone();
      setFailure({ message: inWords(fault), canRetry: false });
    } catch (error) {
      setFailure({ message: `${errorMessage(error)} Nothing has been lost.`, canRetry: true });
    } finally {
      setPending(false);
    }
  }

  return { run, pending, failure };
}

function inWords({ code, message }: ChangeFault): string {
  if (code === "ILLEGAL_TRANSITION")
    return `${message} Someone may have been quicker: close this to see how it is now.`;
  if (code === "NOT_FOUND") return "This API token is gone. Someone may have deleted it meanwhile.";
  return message;
}

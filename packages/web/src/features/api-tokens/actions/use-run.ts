import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import type { DisableApiTokenInput } from "../../../gql/graphql";
import { errorMessage } from "../../../lib/error-message";
import type { ApiTokenChange, ChangeAnswer, ChangeFault } from "../mutations/api-token-mutations";

interface Failure {
  message: string;
  canRetry: boolean;
}

/** Runs one change and tracks its progress and failure. */
export function useRun(change: ApiTokenChange, onDone: (answer: ChangeAnswer) => void) {
  const client = useApolloClient();
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function run(input: DisableApiTokenInput) {
    setPending(true);
    try {
      const answer = await change(client, input);
      const [fault] = answer.userErrors;
      if (!fault) return onDone(answer);
      setFailure({ message: inWords(fault), canRetry: fault.code === "LIMIT_REACHED" });
    } catch (error) {
      setFailure({ message: `${errorMessage(error)} You can safely try again.`, canRetry: true });
    } finally {
      setPending(false);
    }
  }

  return { run, pending, failure, forgetFailure: () => setFailure(null) };
}

function inWords({ code, message }: ChangeFault): string {
  if (code === "ILLEGAL_TRANSITION") return `${message} Someone else may have changed it. Close this to refresh.`;
  if (code === "NOT_FOUND") return "This API token no longer exists. Someone may have deleted it.";
  return message;
}

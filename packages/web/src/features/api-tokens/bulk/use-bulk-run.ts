import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { errorMessage } from "../../../lib/error-message";
import { type BulkFailure, changeApiTokens, setExpiryOfApiTokens } from "../mutations/bulk-mutations";
import { inChunks } from "../mutations/in-chunks";
import type { SelectionAction } from "./bulk-questions";

export interface BulkOutcome {
  changed: string[];
  failures: BulkFailure[];
}

/**
 * Changes tokens in requests of 100, each of which is a transaction. If one gets no response, its tokens and all later
 * ones are failures, and can be tried again.
 */
export function useBulkRun(action: SelectionAction, accountId: string) {
  const client = useApolloClient();
  const [progress, setProgress] = useState<{ done: number; of: number } | null>(null);

  async function run(ids: readonly string[], expiresAt: string | null): Promise<BulkOutcome> {
    const failures: BulkFailure[] = [];
    let interruption: string | null = null;
    let done = 0;
    setProgress({ done, of: ids.length });
    for (const some of inChunks(ids)) {
      const message: string | null = interruption;
      if (message !== null) {
        failures.push(...some.map((id) => ({ id, message })));
        continue;
      }
      try {
        failures.push(
          ...(action === "SET_EXPIRY"
            ? await setExpiryOfApiTokens(client, some, expiresAt, accountId)
            : await changeApiTokens(client, action, some, accountId)),
        );
      } catch (error) {
        interruption = errorMessage(error);
        failures.push(...some.map((id) => ({ id, message: errorMessage(error) })));
      }
      done += some.length;
      setProgress({ done, of: ids.length });
    }
    setProgress(null);
    const failed = new Set(failures.map(({ id }) => id));
    return { changed: ids.filter((id) => !failed.has(id)), failures };
  }

  return { run, progress };
}

import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { errorMessage } from "../../../lib/error-message";
import { rotateApiToken } from "../mutations/api-token-mutations";
import { type RotationState, readRotation, rotatedAt } from "./rotation-state";

type Phase =
  /** Not rotated yet. */
  | { kind: "ask" }
  /** The response was lost, and the outcome could not be determined. */
  | { kind: "unknown" }
  /** The value is null if the response was lost. */
  | { kind: "done"; value: string | null; previousValueExpiresAt: string | null }
  /** The token can no longer be rotated. */
  | { kind: "refused" };

/**
 * One rotation. A second would revoke the value programs still use, so it can be retried only once the first is known
 * not to have happened. The new value is kept only in this state.
 */
export function useRotation(id: string, before: RotationState) {
  const client = useApolloClient();
  const [phase, setPhase] = useState<Phase>({ kind: "ask" });
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  async function run(work: () => Promise<void>) {
    setPending(true);
    setFailure(null);
    await work();
    setPending(false);
  }

  async function findOut(said: string) {
    try {
      const now = await readRotation(client, id);
      if (!now) return refuse("This API token no longer exists. Someone may have deleted it.");
      if (rotatedAt(now) === rotatedAt(before)) {
        setPhase({ kind: "ask" });
        return setFailure(`${said} The value wasn’t replaced.`);
      }
      setPhase({ kind: "done", value: null, previousValueExpiresAt: now.previousValueExpiresAt ?? null });
    } catch (error) {
      setPhase({ kind: "unknown" });
      setFailure(`${errorMessage(error)} It’s unclear whether the value was replaced. Check before you try again.`);
    }
  }

  function refuse(message: string) {
    setPhase({ kind: "refused" });
    setFailure(message);
  }

  async function rotate(overlapSeconds: number) {
    try {
      const { apiToken, value, userErrors } = await rotateApiToken(client, {
        id,
        overlapSeconds,
        version: before.version,
      });
      if (!apiToken) return refuse(userErrors[0]?.message ?? "The value wasn’t replaced.");
      // The rotation succeeded, even if this reread fails.
      void readRotation(client, id).catch(() => undefined);
      const { previousValueExpiresAt = null } = apiToken;
      setPhase({ kind: "done", value: value ?? null, previousValueExpiresAt });
    } catch (error) {
      await findOut(errorMessage(error));
    }
  }

  return {
    phase,
    pending,
    failure,
    rotate: (overlapSeconds: number) => void run(() => rotate(overlapSeconds)),
    check: () => void run(() => findOut("The request didn’t reach Hallpass.")),
  };
}

import { useApolloClient } from "@apollo/client/react";
import { useRef, useState } from "react";
import type { CreateApiTokenInput, CreateApiTokenMutation } from "../../../gql/graphql";
import { errorMessage } from "../../../lib/error-message";
import type { Policy } from "../../policy/policy";
import { type FormStep, inputOf, type TokenDraft } from "../form/token-draft";
import { useTokenForm } from "../form/use-token-form";
import { createApiToken } from "../mutations/api-token-mutations";

export type CreatedToken = NonNullable<CreateApiTokenMutation["createApiToken"]["apiToken"]> & {
  /** Null if the server did not return it again. */
  value: string | null;
  /** True if an earlier attempt, whose response was lost, added the token with its input. */
  earlier: boolean;
};

/** The state of an open Add dialog: input, request and added token. */
export function useAddApiToken(given: TokenDraft, policy: Policy | undefined) {
  const initial = shortened(given, policy);
  const form = useTokenForm(given, { policy, isNew: true });
  const isUntouched = JSON.stringify(form.draft) === JSON.stringify(given);
  // Once the policy is loaded.
  if (isUntouched && initial !== given) form.change({ expiry: initial.expiry });
  const createOnce = useCreateOnce();
  const [created, setCreated] = useState<CreatedToken | null>(null);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  /** Returns the step with an error, or null. */
  async function create(): Promise<FormStep | null> {
    setPending(true);
    setFailure(null);
    try {
      const { apiToken, value, earlier, userErrors } = await createOnce(form.draft);
      if (apiToken) {
        setCreated({ ...apiToken, value: value ?? null, earlier });
        return null;
      }
      const { step, others } = form.place(userErrors);
      setFailure(others[0] ?? null);
      return step;
    } catch (error) {
      setFailure(`${errorMessage(error)} Your input is still here, and trying again won’t add the token twice.`);
      form.refuse({});
      return null;
    } finally {
      setPending(false);
    }
  }

  const unsaved = created === null && JSON.stringify(form.draft) !== JSON.stringify(initial);
  return { form, created, pending, failure, unsaved, create };
}

/** With the longest lifetime that the policy allows, if the draft has a longer one. */
function shortened(draft: TokenDraft, policy: Policy | undefined): TokenDraft {
  const days = policy?.maxLifetimeDays;
  const isLonger = days != null && draft.expiry.kind === "days" && draft.expiry.days > days;
  return isLonger ? { ...draft, expiry: { kind: "days", days } } : draft;
}

/** All requests of a dialog share one key, so they add at most one token, even after lost responses. */
function useCreateOnce() {
  const client = useApolloClient();
  const [idempotencyKey] = useState(newKey);
  const unanswered = useRef<CreateApiTokenInput[]>([]);

  async function send(input: CreateApiTokenInput) {
    try {
      return await createApiToken(client, input);
    } catch (error) {
      unanswered.current.push(input);
      throw error;
    }
  }

  return async (draft: TokenDraft) => {
    const answer = await send(createInputOf(draft, idempotencyKey));
    if (!answer.userErrors.some(isKeyUsed)) return { ...answer, earlier: false };
    // An unanswered request added a token, and the input has changed since. Repeating that request returns the token.
    for (const input of unanswered.current) {
      const before = await send(input);
      if (!before.userErrors.some(isKeyUsed)) return { ...before, earlier: true };
    }
    return { ...answer, earlier: false };
  };
}

function createInputOf(draft: TokenDraft, idempotencyKey: string): CreateApiTokenInput {
  const { expiresAt, icon, ...input } = inputOf(draft);
  return { ...input, icon: icon ?? null, expiresAt: expiresAt?.toISOString() ?? null, idempotencyKey };
}

const isKeyUsed = ({ field }: { field?: readonly string[] | null }) => field?.[0] === "idempotencyKey";

/** `randomUUID` is only available on secure pages. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

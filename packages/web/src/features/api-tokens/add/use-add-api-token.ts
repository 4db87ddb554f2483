import { useApolloClient } from "@apollo/client/react";
import { useRef, useState } from "react";
import type { CreateApiTokenInput, CreateApiTokenMutation } from "../../../gql/graphql";
import { errorMessage } from "../../../lib/error-message";
import { emptyDraft, type FormStep, inputOf, type TokenDraft } from "../form/token-draft";
import { useTokenForm } from "../form/use-token-form";
import { createApiToken } from "../mutations/api-token-mutations";

export type CreatedToken = NonNullable<CreateApiTokenMutation["createApiToken"]["apiToken"]> & {
  /** null: the server did not say it again. */
  value: string | null;
  /** An attempt whose reply was lost added it, with what was entered then. */
  earlier: boolean;
};

/** One opening of the Add dialog: what was typed, the request, and the token once it is there. */
export function useAddApiToken() {
  const form = useTokenForm(emptyDraft);
  const createOnce = useCreateOnce();
  const [created, setCreated] = useState<CreatedToken | null>(null);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  /** Answers with the step on which something is wrong, or null. */
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
      setFailure(`${errorMessage(error)} What you entered is still here, and trying again will not add it twice.`);
      form.refuse({});
      return null;
    } finally {
      setPending(false);
    }
  }

  const unsaved = created === null && JSON.stringify(form.draft) !== JSON.stringify(emptyDraft);
  return { form, created, pending, failure, unsaved, create };
}

/** All requests of a dialog carry one key, so together they add one token at most, whatever is lost or changed. */
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
    // A request that was not answered did add a token, and what is entered has changed since. Asked again as it was,
    // the server says which.
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

/** Browsers have randomUUID only on secure pages. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

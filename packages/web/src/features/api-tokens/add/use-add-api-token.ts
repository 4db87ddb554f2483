import { useState } from "react";
import { errorMessage } from "../../../components/error-message";
import { emptyDraft, type FormStep } from "../form/token-draft";
import { useTokenForm } from "../form/use-token-form";
import { type CreatedToken, useCreateApiToken } from "./use-create-api-token";

/** One opening of the Add dialog: what was typed, the request, and the token once it is there. */
export function useAddApiToken() {
  const form = useTokenForm(emptyDraft);
  const createApiToken = useCreateApiToken();
  const [idempotencyKey, setIdempotencyKey] = useState(newKey);
  const [created, setCreated] = useState<CreatedToken | null>(null);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  /** Answers with the step on which something is wrong, or null. */
  async function create(): Promise<FormStep | null> {
    setPending(true);
    setFailure(null);
    try {
      const { apiToken, value, userErrors } = await createApiToken(form.draft, idempotencyKey);
      if (apiToken) setCreated({ ...apiToken, value: value ?? null });
      // A refused request made nothing, and the next one is another.
      else setIdempotencyKey(newKey());
      const { step, others } = apiToken ? { step: null, others: [] } : form.place(userErrors);
      setFailure(userErrors.some(isKeyUsed) ? keyUsed : (others[0] ?? null));
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

// After a lost reply someone changed the form: the server then knows the key with what was entered before.
const isKeyUsed = ({ field }: { field?: readonly string[] | null }) => field?.[0] === "idempotencyKey";
const keyUsed =
  "The attempt before did add an API token, with what was entered then. Look for it in the list; Add would make a second one.";

/** Browsers have randomUUID only on secure pages. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

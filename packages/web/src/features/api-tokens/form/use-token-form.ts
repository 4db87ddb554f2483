import { useState } from "react";
import { type DraftErrors, draftErrors, errorsByField, type FormStep, stepOf, type TokenDraft } from "./token-draft";

interface Fault {
  field?: readonly string[] | null;
  message: string;
}

/** What one typed and what is wrong with it; the dialogs say what happens when it is right. */
export function useTokenForm(initial: TokenDraft) {
  const [draft, setDraft] = useState(initial);
  const [errors, setErrors] = useState<DraftErrors>({});
  const [refusals, setRefusals] = useState(0);

  const refuse = (found: DraftErrors) => {
    setErrors(found);
    setRefusals((count) => count + 1);
  };

  return {
    draft,
    errors,
    refusals,
    /** Something is wrong that stands at no field: the focus goes there too. */
    refuse,
    change(changes: Partial<TokenDraft>) {
      setDraft((before) => ({ ...before, ...changes }));
      // What is being put right is no longer wrong.
      const { expiry, ...others } = changes;
      const fields = new Set([...Object.keys(others), ...(expiry ? ["expiresAt"] : [])]);
      setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !fields.has(field))));
    },
    /** Whether the step, or all of them, would be taken; else the messages stand at the fields. */
    check(step?: FormStep): FormStep | null {
      const found = draftErrors(draft, step, initial);
      if (Object.keys(found).length > 0) refuse(found);
      return stepOf(found);
    },
    /** Puts the server's faults at their fields. Answers with the step to show and what belongs to none. */
    place(faults: readonly Fault[]) {
      const { errors: found, others } = errorsByField(faults);
      refuse(found);
      return { step: stepOf(found), others };
    },
  };
}

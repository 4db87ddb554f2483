import { useState } from "react";
import type { Policy } from "../../policy/policy";
import {
  type DraftErrors,
  draftErrors,
  errorsByField,
  type FormStep,
  fieldsOf,
  pick,
  policyErrors,
  stepOf,
  type TokenDraft,
} from "./token-draft";

interface Fault {
  field?: readonly string[] | null;
  message: string;
}

interface Rules {
  policy: Policy | undefined;
  /** Whether the draft is of a new token, which must obey the policy in all. */
  isNew: boolean;
}

/** The form’s input and errors. The dialogs handle submission. */
export function useTokenForm(initial: TokenDraft, { policy, isNew }: Rules) {
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
    /** Rejects the submission, which moves focus to the error even if it is at no field. */
    refuse,
    change(changes: Partial<TokenDraft>) {
      setDraft((before) => ({ ...before, ...changes }));
      // Clear the errors of edited fields.
      const { expiry, ...others } = changes;
      const fields = new Set([...Object.keys(others), ...(expiry ? ["expiresAt"] : [])]);
      setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !fields.has(field))));
    },
    /** Validates one step or all. Returns the first step with an error, or null. */
    check(step?: FormStep): FormStep | null {
      const broken = policyErrors(draft, policy, isNew ? null : initial);
      const found = { ...(step ? pick(broken, fieldsOf[step]) : broken), ...draftErrors(draft, step, initial) };
      if (Object.keys(found).length > 0) refuse(found);
      return stepOf(found);
    },
    /** Shows the server’s errors at their fields. Returns the step to show and all other errors. */
    place(faults: readonly Fault[]) {
      const { errors: found, others } = errorsByField(faults);
      refuse(found);
      return { step: stepOf(found), others };
    },
  };
}

import "@mantine/core/styles/InlineInput.css";
import "@mantine/core/styles/Checkbox.css";
import { useMutation } from "@apollo/client/react";
import { accountPolicyInput, userErrorsOf } from "@hallpass/shared";
import { Alert, Checkbox, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { PendingButton } from "../../components/pending-button";
import { graphql } from "../../gql/gql";
import type { UpdateAccountPolicyInput } from "../../gql/graphql";
import { errorMessage } from "../../lib/error-message";
import { type Policy, policyDocument } from "./policy";
import classes from "./policy-page.module.css";

const updatePolicyDocument = graphql(/* GraphQL */ `
  mutation UpdateAccountPolicy($input: UpdateAccountPolicyInput!) {
    updateAccountPolicy(input: $input) {
      policy {
        maxLifetimeDays
        idleDays
        expiryRequired
        ipRangesRequired
        valuesShownOnce
        recentSignInRequired
      }
      userErrors {
        message
      }
    }
  }
`);

const numbers = [
  ["maxLifetimeDays", "Maximum lifetime in days", "If set, an expiry is required. Leave empty for no maximum."],
  [
    "idleDays",
    "Disable unused tokens after days",
    "A week after a notice in the audit trail and to webhooks. Leave empty for never.",
  ],
] as const;
type NumberField = (typeof numbers)[number][0];

const rules = [
  ["expiryRequired", "Require an expiry", "Tokens can’t be valid forever."],
  [
    "ipRangesRequired",
    "Require IP addresses",
    "Tokens can only be used from the IP addresses they list. Ranges wider than /8, or /16 for IPv6, don’t count.",
  ],
  [
    "valuesShownOnce",
    "Show values only once",
    "A value is shown when the token is added or rotated, and not again while this is on. A lost one must be rotated.",
  ],
  [
    "recentSignInRequired",
    "Require a recent sign-in",
    "Adding, showing, rotating or deleting tokens, or changing this policy, requires a sign-in within the last 15 minutes.",
  ],
] as const;

interface PolicyFormProps {
  policy: Policy;
  readOnly: boolean;
}

export function PolicyForm({ policy, readOnly }: PolicyFormProps) {
  /** The policy that the draft began with. */
  const [base, setBase] = useState(policy);
  const [draft, setDraft] = useState(() => draftOf(policy));
  const isUntouched = JSON.stringify(draft) === JSON.stringify(draftOf(base));
  // Someone else’s change, or what was just saved.
  if (policy !== base && isUntouched) {
    setBase(policy);
    setDraft(draftOf(policy));
  }
  const [errors, setErrors] = useState<Partial<Record<NumberField, string>>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [update, { loading }] = useMutation(updatePolicyDocument, {
    update: (cache, { data }) => {
      const changed = data?.updateAccountPolicy.policy;
      if (changed) cache.writeQuery({ query: policyDocument, data: { accountPolicy: changed } });
    },
  });

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const flags = Object.fromEntries(rules.map(([name]) => [name, draft[name]]));
    const days = Object.fromEntries(numbers.map(([name]) => [name, numberIn(draft[name])]));
    const parsed = accountPolicyInput.safeParse({ ...flags, ...days });
    const faults = parsed.error ? userErrorsOf(parsed.error) : [];
    setErrors(Object.fromEntries(faults.map(({ field, message }) => [field[0], message])));
    setFailure(null);
    if (!parsed.success) return form.querySelector<HTMLInputElement>(`[name="${faults[0]?.field[0]}"]`)?.focus();
    try {
      const { data } = await update({ variables: { input: changesOf(parsed.data, base) } });
      const [refusal] = data?.updateAccountPolicy.userErrors ?? [];
      if (refusal) return setFailure(refusal.message);
      const saved = data?.updateAccountPolicy.policy;
      if (saved) {
        setBase(saved);
        setDraft(draftOf(saved));
      }
      notifications.show({ color: "pine", message: "Policy saved." });
    } catch (problem) {
      setFailure(errorMessage(problem));
    }
  }

  return (
    <form onSubmit={submit} noValidate aria-label="Policy" className={classes.form}>
      {failure && (
        <Alert color="red" role="alert" variant="light">
          {failure}
        </Alert>
      )}
      {numbers.map(([name, label, description]) => (
        <TextInput
          key={name}
          name={name}
          label={label}
          description={description}
          inputWrapperOrder={["label", "input", "description", "error"]}
          inputMode="numeric"
          autoComplete="off"
          readOnly={readOnly}
          value={draft[name]}
          error={errors[name]}
          onChange={(event) => setDraft({ ...draft, [name]: event.currentTarget.value })}
          maw={320}
        />
      ))}
      {rules.map(([name, label, description]) => (
        <Checkbox
          key={name}
          label={label}
          description={description}
          checked={draft[name]}
          disabled={readOnly}
          onChange={(event) => setDraft({ ...draft, [name]: event.currentTarget.checked })}
        />
      ))}
      {readOnly ? (
        <p className={classes.about}>Only administrators can change the policy.</p>
      ) : (
        <PendingButton type="submit" pending={loading} w="fit-content">
          Save
        </PendingButton>
      )}
    </form>
  );
}

/** Null if it is empty, and NaN if it is no number. */
const numberIn = (text: string): number | null => (text.trim() === "" ? null : Number(text));

const draftOf = (policy: Policy) => ({
  ...policy,
  maxLifetimeDays: String(policy.maxLifetimeDays ?? ""),
  idleDays: String(policy.idleDays ?? ""),
});

/** Only what the user has changed, so that someone else’s changes stay. */
function changesOf(input: UpdateAccountPolicyInput, base: Policy): UpdateAccountPolicyInput {
  const names = Object.keys(input) as (keyof UpdateAccountPolicyInput)[];
  return Object.fromEntries(names.filter((name) => input[name] !== base[name]).map((name) => [name, input[name]]));
}

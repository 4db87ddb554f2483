import { Group, NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { Policy } from "../../policy/policy";
import { OptionalLabel } from "./optional-label";
import { periodChoices } from "./rate-limit";
import type { DraftErrors, TokenDraft } from "./token-draft";

interface RestrictionsFieldsProps {
  draft: TokenDraft;
  errors: DraftErrors;
  policy: Policy | undefined;
  onChange: (changes: Partial<TokenDraft>) => void;
}

/** Where the token can be used from, and how often. */
export function RestrictionsFields({ draft, errors, policy, onChange }: RestrictionsFieldsProps) {
  const { ipRanges, rateLimit } = draft;
  const isRequired = policy?.ipRangesRequired ?? false;
  return (
    <>
      <Textarea
        label={isRequired ? "Allowed IP addresses" : <OptionalLabel>Allowed IP addresses</OptionalLabel>}
        description={`One IP address or CIDR per line, such as 203.0.113.0/24. ${isRequired ? "Your account’s policy requires at least one." : "Leave empty to allow any IP address."}`}
        inputWrapperOrder={["label", "input", "description", "error"]}
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        value={ipRanges}
        error={errors.ipRanges}
        onChange={(event) => onChange({ ipRanges: event.currentTarget.value })}
      />
      <Group align="flex-start" gap="sm">
        <TextInput
          label={<OptionalLabel>Rate limit</OptionalLabel>}
          inputMode="numeric"
          placeholder="No limit"
          autoComplete="off"
          value={rateLimit.requests}
          error={errors.rateLimit}
          onChange={(event) => onChange({ rateLimit: { ...rateLimit, requests: event.currentTarget.value } })}
          w={200}
        />
        <NativeSelect
          label="Requests"
          data={periodChoices(rateLimit.perSeconds)}
          value={String(rateLimit.perSeconds)}
          onChange={(event) => onChange({ rateLimit: { ...rateLimit, perSeconds: Number(event.currentTarget.value) } })}
          w={200}
        />
      </Group>
    </>
  );
}

import { Stack, Textarea, TextInput } from "@mantine/core";
import type { Policy } from "../../policy/policy";
import { ExpiryField } from "./expiry-field";
import { LogoField } from "./logo-field";
import { OptionalLabel } from "./optional-label";
import { RestrictionsFields } from "./restrictions-fields";
import type { DraftErrors, TokenDraft } from "./token-draft";

interface GeneralStepProps {
  draft: TokenDraft;
  errors: DraftErrors;
  policy: Policy | undefined;
  /** The token’s current logo. */
  iconUrl?: string | null;
  onChange: (changes: Partial<TokenDraft>) => void;
}

export function GeneralStep({ draft, errors, policy, iconUrl = null, onChange }: GeneralStepProps) {
  return (
    <Stack gap="lg" maw={520}>
      <LogoField
        name={draft.name}
        src={draft.icon === undefined ? iconUrl : draft.icon}
        error={errors.icon}
        onChange={(icon) => onChange({ icon })}
      />
      <TextInput
        label="API token name"
        required
        withAsterisk={false}
        data-autofocus
        autoComplete="off"
        value={draft.name}
        error={errors.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Textarea
        label={<OptionalLabel>Description</OptionalLabel>}
        rows={4}
        value={draft.description}
        error={errors.description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <ExpiryField
        value={draft.expiry}
        error={errors.expiresAt}
        policy={policy}
        onChange={(expiry) => onChange({ expiry })}
      />
      <RestrictionsFields draft={draft} errors={errors} policy={policy} onChange={onChange} />
    </Stack>
  );
}

import { Checkbox } from "@mantine/core";

interface DescendantsChoiceProps {
  /** Null if unknown. */
  count: number | null;
  checked: boolean;
  disabled: boolean;
  onChange: (checked: boolean) => void;
}

/** Offers to disable a token’s descendants with it. */
export function DescendantsChoice({ count, checked, disabled, onChange }: DescendantsChoiceProps) {
  return (
    <Checkbox
      mt="md"
      checked={checked}
      disabled={disabled}
      onChange={(event) => onChange(event.currentTarget.checked)}
      label={`Also disable ${whatItCreated(count)}`}
      description="Includes tokens that those tokens created. If you leave this off, they stay active."
    />
  );
}

function whatItCreated(count: number | null): string {
  if (count === 1) return "the active token it created";
  return count === null ? "the active tokens it created" : `the ${count} active tokens it created`;
}

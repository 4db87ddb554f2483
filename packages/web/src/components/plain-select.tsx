import { Input } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";

interface PlainSelectProps {
  label: string;
  values: readonly string[];
  value: string;
  onChange: (value: string) => void;
  width: number;
}

/** A native select. Mantine’s would add its combobox to the first load. */
export function PlainSelect({ label, values, value, onChange, width }: PlainSelectProps) {
  return (
    <Input
      component="select"
      size="xs"
      w={width}
      pointer
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      rightSection={<IconChevronDown size={14} aria-hidden="true" />}
      rightSectionPointerEvents="none"
    >
      {values.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </Input>
  );
}

import type { ModuleSummary } from "@hallpass/shared";
import { TextInput, type TextInputProps } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";

/** Number of modules from which a list gets a search field. */
export const searchFrom = 6;

interface ModuleSearchProps extends Omit<TextInputProps, "value" | "onChange"> {
  value: string;
  onChange: (search: string) => void;
}

export function ModuleSearch({ onChange, ...props }: ModuleSearchProps) {
  return (
    <TextInput
      type="search"
      aria-label="Search modules"
      placeholder="Search modules"
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        // In a form, Enter would open the next step.
        if (event.key === "Enter") event.preventDefault();
      }}
      {...props}
    />
  );
}

/** Whether the module’s name, ID or description contains every word. */
export function matchesModule({ id, name, description }: ModuleSummary, search: string): boolean {
  const text = `${name} ${id} ${description ?? ""}`.toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

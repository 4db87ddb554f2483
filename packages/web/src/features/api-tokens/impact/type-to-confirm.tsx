import { TextInput } from "@mantine/core";
import { useState } from "react";

/** A text to type before an action on something that is in use. */
export function useTypedConfirmation(expected: string, isNeeded: boolean) {
  const [typed, setTyped] = useState("");
  const [isRejected, setRejected] = useState(false);
  return {
    /** Whether the action can go ahead. If not, the field shows why. */
    check(): boolean {
      const isTyped = !isNeeded || typed.trim() === expected.trim();
      setRejected(!isTyped);
      return isTyped;
    },
    field: isNeeded ? { expected, typed, setTyped, isRejected } : null,
  };
}

type Field = NonNullable<ReturnType<typeof useTypedConfirmation>["field"]>;

export function TypeToConfirm({ field, label }: { field: Field; label: string }) {
  return (
    <TextInput
      mt="md"
      label={label}
      autoComplete="off"
      spellCheck={false}
      value={field.typed}
      error={field.isRejected && `Type “${field.expected}” exactly as shown.`}
      onChange={(event) => field.setTyped(event.currentTarget.value)}
    />
  );
}

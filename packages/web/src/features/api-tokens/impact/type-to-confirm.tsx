import { TextInput } from "@mantine/core";
import { useState } from "react";
import { isolated } from "../../../lib/isolated";

/** A text to type before an action on something that is in use. */
export function useTypedConfirmation(expected: string, isNeeded: boolean) {
  const [typed, setTyped] = useState("");
  const [isRejected, setRejected] = useState(false);
  return {
    /** Whether the action can go ahead. If not, the field shows why. */
    check(): boolean {
      const isTyped = !isNeeded || comparable(typed) === comparable(expected);
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
      error={field.isRejected && `Type “${isolated(field.expected)}” exactly as shown.`}
      onChange={(event) => field.setTyped(event.currentTarget.value)}
    />
  );
}

/** Without what a screen doesn’t show: runs of white space, and marks of direction that copying adds. */
const comparable = (text: string) =>
  text
    .normalize("NFC")
    .replace(/[\u200B-\u200F\u202A-\u202E\u2066-\u2069]/g, "")
    .replace(/\s+/g, " ")
    .trim();

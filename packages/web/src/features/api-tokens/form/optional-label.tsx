import { Text } from "@mantine/core";
import type { ReactNode } from "react";

/** A label for an optional field. */
export function OptionalLabel({ children }: { children: ReactNode }) {
  return (
    <>
      {children}{" "}
      <Text span size="xs" c="dimmed" fw={400}>
        Optional
      </Text>
    </>
  );
}

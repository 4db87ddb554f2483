import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface PageMessageProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  role?: "alert" | "status";
  /** 1 if it is the whole page. */
  level?: 1 | 2;
}

/** Replaces content that is missing, filtered out, not found or failed to load. */
export function PageMessage({ icon, title, children, actions, role, level = 2 }: PageMessageProps) {
  return (
    <Stack align="center" gap="xs" px="md" py={48} ta="center" role={role}>
      {icon}
      <Title order={level} size="h4">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" size="sm" maw={460} component="div">
          {children}
        </Text>
      )}
      {actions}
    </Stack>
  );
}

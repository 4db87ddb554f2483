import { Button, type ButtonProps, Loader } from "@mantine/core";
import type { ComponentPropsWithRef } from "react";

interface PendingButtonProps extends ButtonProps, Omit<ComponentPropsWithRef<"button">, keyof ButtonProps> {
  pending: boolean;
}

/** A button that shows progress. Never disabled, because a disabled button loses keyboard focus. */
export function PendingButton({ pending, onClick, children, ...props }: PendingButtonProps) {
  return (
    <Button
      {...props}
      aria-disabled={pending || undefined}
      leftSection={pending ? <Loader size={14} color="currentColor" aria-hidden="true" /> : undefined}
      onClick={(event) => (pending ? event.preventDefault() : onClick?.(event))}
    >
      {children}
    </Button>
  );
}

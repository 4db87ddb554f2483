import { ActionIcon, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCopy, IconLoader2 } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { type CopySource, copyText } from "../lib/copy-text";

interface CopyButtonProps {
  /** The text to copy, or a function that fetches it on click. */
  value: CopySource;
  /** The accessible name, e.g. "Copy API endpoint". */
  label: string;
  /** Called with null on each new click. */
  onError?: (error: unknown) => void;
}

type CopyState = "idle" | "pending" | "copied" | "failed";

/** How long "Copied" is shown, in milliseconds. */
const copiedFor = 2500;

const said: Record<CopyState, string> = { idle: "", pending: "", copied: "Copied", failed: "Couldn’t copy" };

export function CopyButton({ value, label, onError }: CopyButtonProps) {
  const [state, setState] = useState<CopyState>("idle");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async () => {
    if (state === "pending") return;
    setState("pending");
    onError?.(null);
    try {
      await copyText(value);
      setState("copied");
    } catch (error) {
      setState("failed");
      onError?.(error);
    }
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setState("idle"), copiedFor);
  };

  return (
    <>
      <Tooltip label={said[state] || label}>
        <ActionIcon variant="subtle" size="lg" aria-label={label} onClick={() => void copy()}>
          <CopyIcon state={state} />
        </ActionIcon>
      </Tooltip>
      <VisuallyHidden role="status">{said[state]}</VisuallyHidden>
    </>
  );
}

function CopyIcon({ state }: { state: CopyState }) {
  if (state === "pending") return <IconLoader2 size={18} aria-hidden="true" />;
  if (state === "copied") return <IconCheck size={18} aria-hidden="true" />;
  return <IconCopy size={18} aria-hidden="true" />;
}

import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { PendingButton } from "../../../components/pending-button";
import type { SearchParams } from "../../../lib/search-params";
import { useFocusBack } from "../../../lib/use-focus-back";
import { useViewer } from "../../session/viewer";
import { NotedHeadFault, parseNotedHead } from "./noted-head";
import { useVerification } from "./use-verification";
import { VerificationResult } from "./verification-result";

/** Recomputes the account’s hash chain and reports whether the trail is intact. */
export function VerifyDialog({ onClose }: { onClose: () => void }) {
  useFocusBack();
  const { account } = useViewer();
  const { state, verify, reset } = useVerification();
  const [fault, setFault] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  // An open record is above this dialog, and Escape must close only the record.
  const { record } = useSearch({ strict: false }) as SearchParams;
  const pending = state.kind === "pending";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (pending) return;
    try {
      void verify(parseNotedHead(field.current?.value ?? "", account));
    } catch (error) {
      if (!(error instanceof NotedHeadFault)) throw error;
      setFault(error.message);
      field.current?.focus();
    }
  }

  function forgetResult() {
    setFault(null);
    if (!pending) reset();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      returnFocus={false}
      closeOnEscape={!record}
      size={560}
      title="Verify the audit trail"
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Text size="sm">
            Every record contains a hash of itself and of all records before it. Hallpass recomputes the hashes and
            reports the first record that doesn’t match.
          </Text>
          <TextInput
            ref={field}
            data-autofocus
            label={
              <>
                Saved head{" "}
                <Text span size="xs" c="dimmed" fw={400}>
                  Optional
                </Text>
              </>
            }
            description="From an earlier verification or “audit head”. With it, truncation is detected too."
            placeholder={`${account.id} 41 3f9a…`}
            readOnly={pending}
            error={fault}
            onChange={forgetResult}
            autoComplete="off"
            spellCheck={false}
          />
          <VerificationResult state={state} account={account} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {state.kind === "done" ? "Close" : "Cancel"}
            </Button>
            <PendingButton type="submit" pending={pending}>
              {state.kind === "done" || state.kind === "failed" ? "Verify again" : "Verify"}
            </PendingButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

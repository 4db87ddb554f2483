import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/InlineInput.css";
import "@mantine/core/styles/Checkbox.css";
import { useMutation } from "@apollo/client/react";
import { createWebhookInput, userErrorsOf, type WebhookEvent, webhookEvents } from "@hallpass/shared";
import { Alert, Button, Checkbox, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { PendingButton } from "../../components/pending-button";
import { errorMessage } from "../../lib/error-message";
import { eventLabel } from "../audit-trail/audit-events";
import { NewSecret } from "./new-secret";
import { createWebhookDocument, updateWebhookDocument, type Webhook } from "./webhooks-query";

interface WebhookDialogProps {
  /** Null to add one. */
  webhook: Webhook | null;
  onChanged: () => void;
  onClose: () => void;
}

const usual: WebhookEvent[] = ["api_token.created", "api_token.disabled", "api_token.deleted"];

/** Adds or edits a webhook. A new one’s secret is shown once. */
export function WebhookDialog({ webhook, onChanged, onClose }: WebhookDialogProps) {
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [events, setEvents] = useState<string[]>(webhook?.events ?? usual);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [create, creating] = useMutation(createWebhookDocument);
  const [update, updating] = useMutation(updateWebhookDocument);

  function show(faults: readonly { field?: readonly string[] | null; message: string }[]) {
    const found: Record<string, string> = {};
    for (const { field, message } of faults) found[field?.[0] ?? ""] ??= message;
    setErrors(found);
    setFailure(found[""] ?? null);
  }

  async function save(input: { url: string; events: string[] }) {
    if (webhook) {
      const { data } = await update({ variables: { input: { id: webhook.id, ...input } } });
      return { faults: data?.updateWebhook.userErrors ?? [], secret: null };
    }
    const { data } = await create({ variables: { input } });
    return { faults: data?.createWebhook.userErrors ?? [], secret: data?.createWebhook.secret ?? null };
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    setFailure(null);
    const parsed = createWebhookInput.safeParse({ url, events });
    if (!parsed.success) return show(userErrorsOf(parsed.error));
    try {
      const saved = await save(parsed.data);
      show(saved.faults);
      if (saved.faults.length > 0) return;
      onChanged();
      if (saved.secret) setSecret(saved.secret);
      else onClose();
    } catch (error) {
      setFailure(errorMessage(error));
    }
  }

  const title = secret ? "Webhook added" : webhook ? "Edit webhook" : "Add webhook";
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      centered
      size={520}
      closeOnClickOutside={!secret}
      closeOnEscape={!secret}
    >
      {secret ? (
        <NewSecret secret={secret} onClose={onClose} />
      ) : (
        <form onSubmit={submit} noValidate aria-label={title}>
          <Stack gap="md">
            {failure && (
              <Alert color="red" role="alert" variant="light">
                {failure}
              </Alert>
            )}
            <TextInput
              label="URL"
              description="Hallpass sends messages here, by the Standard Webhooks specification."
              inputWrapperOrder={["label", "input", "description", "error"]}
              placeholder="https://"
              type="url"
              autoComplete="off"
              data-autofocus
              value={url}
              error={errors.url}
              onChange={(event) => setUrl(event.currentTarget.value)}
            />
            <Checkbox.Group label="Events" value={events} onChange={setEvents} error={errors.events}>
              <Stack gap="xs" mt={6}>
                {webhookEvents.map((event) => (
                  <Checkbox key={event} value={event} label={eventLabel(event)} />
                ))}
              </Stack>
            </Checkbox.Group>
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <PendingButton type="submit" pending={creating.loading || updating.loading}>
                {webhook ? "Save" : "Add"}
              </PendingButton>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

import { useApolloClient } from "@apollo/client/react";
import { Button, Group, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { ConfirmDialog } from "../../components/dialogs/confirm-dialog";
import { PendingButton } from "../../components/pending-button";
import { StatusBadge } from "../../components/status-badge";
import { errorMessage } from "../../lib/error-message";
import { eventLabel } from "../audit-trail/audit-events";
import { Deliveries } from "./deliveries";
import { NewSecret } from "./new-secret";
import { WebhookDialog } from "./webhook-dialog";
import classes from "./webhooks.module.css";
import {
  deleteWebhookDocument,
  rotateSecretDocument,
  testWebhookDocument,
  updateWebhookDocument,
  type Webhook,
} from "./webhooks-query";

interface WebhookCardProps {
  webhook: Webhook;
  mayChange: boolean;
  onChanged: () => void;
}

type Question = "edit" | "rotate" | "delete" | null;

export function WebhookCard({ webhook, mayChange, onChanged }: WebhookCardProps) {
  const { id, url, events, enabled, deliveries } = webhook;
  const client = useApolloClient();
  const [asked, setAsked] = useState<Question>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { host } = new URL(url);

  /** Runs an action. Its error is shown in the open question, or else as a notification. */
  async function run(action: () => Promise<void>, title: string) {
    setPending(true);
    setError(null);
    try {
      await action();
      onChanged();
    } catch (problem) {
      const message = errorMessage(problem);
      if (asked) setError(message);
      else notifications.show({ color: "red", title, message });
    } finally {
      setPending(false);
    }
  }

  const input = { id };
  const test = () =>
    run(async () => {
      const { data } = await client.mutate({
        mutation: testWebhookDocument,
        variables: { input },
        // The receiver has ten seconds.
        context: { fetchOptions: { timeLimit: 20_000 } },
      });
      const delivery = data?.testWebhook.delivery;
      const delivered = delivery?.status === "DELIVERED";
      notifications.show({
        color: delivered ? "pine" : "red",
        title: delivered ? "Test delivered" : "Test not delivered",
        message: delivered
          ? `${host} answered with status ${delivery.responseStatus}.`
          : (delivery?.response ?? data?.testWebhook.userErrors[0]?.message ?? "There was no response."),
      });
    }, "Couldn’t send the test");

  const toggle = () =>
    run(async () => {
      await client.mutate({ mutation: updateWebhookDocument, variables: { input: { id, enabled: !enabled } } });
    }, "Couldn’t change the webhook");

  const rotate = () =>
    run(async () => {
      const { data } = await client.mutate({ mutation: rotateSecretDocument, variables: { input } });
      setSecret(data?.rotateWebhookSecret.secret ?? null);
      setAsked(null);
    }, "");

  const remove = () =>
    run(async () => {
      await client.mutate({ mutation: deleteWebhookDocument, variables: { input } });
      setAsked(null);
    }, "");

  const close = () => {
    setAsked(null);
    setError(null);
  };

  return (
    <section className={classes.card} aria-label={url}>
      <header className={classes.header}>
        <h2>{url}</h2>
        <StatusBadge status={enabled ? "ACTIVE" : "DISABLED"} />
      </header>
      <p className={classes.events}>{events.map(eventLabel).join(", ")}</p>
      {mayChange && (
        <Group gap="xs">
          <PendingButton size="xs" variant="default" pending={pending && asked === null} onClick={() => void test()}>
            Send test
          </PendingButton>
          <Button size="xs" variant="default" onClick={() => setAsked("edit")}>
            Edit
          </Button>
          <Button size="xs" variant="default" onClick={() => void toggle()}>
            {enabled ? "Disable" : "Enable"}
          </Button>
          <Button size="xs" variant="default" onClick={() => setAsked("rotate")}>
            Rotate secret
          </Button>
          <Button size="xs" variant="default" onClick={() => setAsked("delete")}>
            Delete
          </Button>
        </Group>
      )}
      <Deliveries deliveries={deliveries} mayChange={mayChange} onChanged={onChanged} />
      {asked === "edit" && <WebhookDialog webhook={webhook} onChanged={onChanged} onClose={close} />}
      {asked === "rotate" && (
        <ConfirmDialog
          title="Rotate the secret?"
          confirmLabel="Rotate secret"
          pending={pending}
          error={error}
          onConfirm={() => void rotate()}
          onClose={close}
        >
          For a day, messages are signed with both the new and the current secret. Then only the new one works.
        </ConfirmDialog>
      )}
      {asked === "delete" && (
        <ConfirmDialog
          title={`Delete the webhook to ${host}?`}
          confirmLabel="Delete"
          destructive
          pending={pending}
          error={error}
          onConfirm={() => void remove()}
          onClose={close}
        >
          Nothing more is sent to {url}, and its deliveries are removed.
        </ConfirmDialog>
      )}
      {secret && (
        <Modal opened onClose={() => setSecret(null)} title="New secret" centered closeOnClickOutside={false}>
          <NewSecret secret={secret} onClose={() => setSecret(null)} />
        </Modal>
      )}
    </section>
  );
}

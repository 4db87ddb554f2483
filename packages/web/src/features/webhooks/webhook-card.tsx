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
type Action = "test" | "toggle" | "rotate" | "delete";

/** The first error in the input, as an error. */
function check({ userErrors }: { userErrors: { message: string }[] }): void {
  const [fault] = userErrors;
  if (fault) throw new Refusal(fault.message);
}

class Refusal extends Error {}

export function WebhookCard({ webhook, mayChange, onChanged }: WebhookCardProps) {
  const { id, url, events, enabled, deliveries } = webhook;
  const client = useApolloClient();
  const [asked, setAsked] = useState<Question>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [pending, setPending] = useState<Action | null>(null);
  const [error, setError] = useState<string | null>(null);
  const { host } = new URL(url);

  /** Runs an action. Its error is shown in the open question, or else as a notification. */
  async function run(action: Action, work: () => Promise<void>, title = "") {
    setPending(action);
    setError(null);
    try {
      await work();
    } catch (problem) {
      const message = problem instanceof Refusal ? problem.message : errorMessage(problem);
      if (action === "rotate" || action === "delete") setError(message);
      else notifications.show({ color: "red", title, message });
    } finally {
      setPending(null);
      onChanged();
    }
  }

  const input = { id };
  const test = () =>
    run(
      "test",
      async () => {
        const { data } = await client.mutate({
          mutation: testWebhookDocument,
          variables: { input },
          // The receiver has ten seconds.
          context: { fetchOptions: { timeLimit: 20_000 } },
        });
        if (data) check(data.testWebhook);
        const delivery = data?.testWebhook.delivery;
        const delivered = delivery?.status === "DELIVERED";
        notifications.show({
          color: delivered ? "pine" : "red",
          title: delivered ? "Test delivered" : "Test not delivered",
          message: delivered
            ? `${host} answered with status ${delivery.responseStatus}.`
            : (delivery?.response ?? "There was no response."),
        });
      },
      "Couldn’t send the test",
    );

  const toggle = () =>
    run(
      "toggle",
      async () => {
        const variables = { input: { id, enabled: !enabled } };
        const { data } = await client.mutate({ mutation: updateWebhookDocument, variables });
        if (data) check(data.updateWebhook);
      },
      "Couldn’t change the webhook",
    );

  const rotate = () =>
    run("rotate", async () => {
      const { data } = await client.mutate({ mutation: rotateSecretDocument, variables: { input } });
      if (data) check(data.rotateWebhookSecret);
      setSecret(data?.rotateWebhookSecret.secret ?? null);
      setAsked(null);
    });

  const remove = () =>
    run("delete", async () => {
      const { data } = await client.mutate({ mutation: deleteWebhookDocument, variables: { input } });
      if (data) check(data.deleteWebhook);
      setAsked(null);
    });

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
          <PendingButton size="xs" variant="default" pending={pending === "test"} onClick={() => void test()}>
            Send test
          </PendingButton>
          <Button size="xs" variant="default" onClick={() => setAsked("edit")}>
            Edit
          </Button>
          <PendingButton size="xs" variant="default" pending={pending === "toggle"} onClick={() => void toggle()}>
            {enabled ? "Disable" : "Enable"}
          </PendingButton>
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
          pending={pending === "rotate"}
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
          pending={pending === "delete"}
          error={error}
          onConfirm={() => void remove()}
          onClose={close}
        >
          Nothing more is sent to {url}, and its deliveries are removed.
        </ConfirmDialog>
      )}
      {secret && (
        <Modal
          opened
          onClose={() => setSecret(null)}
          title="New secret"
          centered
          closeOnClickOutside={false}
          closeOnEscape={false}
        >
          <NewSecret secret={secret} onClose={() => setSecret(null)} />
        </Modal>
      )}
    </section>
  );
}

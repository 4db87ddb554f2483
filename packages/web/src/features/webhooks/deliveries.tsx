import { useMutation } from "@apollo/client/react";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Badge } from "../../components/status-badge";
import { RelativeTime } from "../../components/time/relative-time";
import type { WebhookDeliveryStatus } from "../../gql/graphql";
import { counted } from "../../lib/counted";
import { errorMessage } from "../../lib/error-message";
import { eventLabel } from "../audit-trail/audit-events";
import classes from "./webhooks.module.css";
import { type Delivery, resendDeliveryDocument } from "./webhooks-query";

const looks: Record<WebhookDeliveryStatus, { tone: "good" | "paused" | "bad"; label: string }> = {
  PENDING: { tone: "paused", label: "Pending" },
  DELIVERED: { tone: "good", label: "Delivered" },
  FAILED: { tone: "bad", label: "Failed" },
};

interface DeliveriesProps {
  deliveries: readonly Delivery[];
  mayChange: boolean;
  onChanged: () => void;
}

/** The newest messages, with what was answered. */
export function Deliveries({ deliveries, mayChange, onChanged }: DeliveriesProps) {
  const [resend, { loading }] = useMutation(resendDeliveryDocument);

  async function sendAgain(id: string) {
    try {
      const { data } = await resend({ variables: { input: { id } } });
      const [fault] = data?.resendWebhookDelivery.userErrors ?? [];
      if (fault) throw new Error(fault.message);
    } catch (error) {
      notifications.show({ color: "red", title: "Couldn’t send it again", message: errorMessage(error) });
    }
    onChanged();
  }

  if (deliveries.length === 0) return <p className={classes.events}>Nothing was sent yet.</p>;
  return (
    <ul className={classes.deliveries} aria-label="Deliveries">
      {deliveries.map((delivery) => {
        const { id, event, status, messageId } = delivery;
        const isTest = event === "webhook.test";
        const name = isTest ? "Test" : eventLabel(event);
        return (
          <li key={id}>
            <Badge {...looks[status]} />
            <div className={classes.text}>
              <span title={messageId}>{name}</span>
              <span className={classes.answer}>{answerOf(delivery)}</span>
            </div>
            <span className={classes.when}>
              <RelativeTime value={delivery.createdAt} />
            </span>
            {mayChange && !isTest && status !== "PENDING" ? (
              <Button
                size="compact-xs"
                variant="default"
                disabled={loading}
                aria-label={`Send again: ${name}, ${messageId}`}
                onClick={() => void sendAgain(id)}
              >
                Send again
              </Button>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

function answerOf({ attempts, responseStatus, response, nextAttemptAt }: Delivery): string {
  if (attempts === 0) return "Waiting to be sent";
  const answer = [responseStatus && `Status ${responseStatus}`, response].filter(Boolean).join(": ");
  const more = nextAttemptAt ? `, tried ${counted(attempts, "time")}` : "";
  return `${answer}${more}`;
}

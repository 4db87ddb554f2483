import { useQuery } from "@apollo/client/react";
import { Alert, Button, Skeleton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { ErrorState } from "../../components/page/error-state";
import { PageLayout } from "../../components/page/page-layout";
import { PageMessage } from "../../components/page/page-message";
import { errorMessage } from "../../lib/error-message";
import { isWatched } from "../../lib/is-watched";
import { useLazyParts } from "../../lib/lazy-part";
import { useCan } from "../session/viewer";
import { WebhookCard } from "./webhook-card";
import { WebhookDialog } from "./webhook-dialog";
import classes from "./webhooks.module.css";
import { webhooksDocument } from "./webhooks-query";

/** How often new deliveries are looked for, in ms. */
const refreshMs = 10_000;

export function WebhooksPage() {
  const mayChange = useCan("webhook:write");
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery(webhooksDocument, {
    fetchPolicy: "cache-and-network",
    pollInterval: refreshMs,
    skipPollAttempt: () => !isWatched(),
  });
  useLazyParts(data !== undefined);
  const reload = () => void refetch().catch(() => undefined);
  return (
    <PageLayout
      title="Webhooks"
      actions={
        mayChange && (
          <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={() => setAdding(true)}>
            Add webhook
          </Button>
        )
      }
    >
      {data ? (
        <div className={classes.page}>
          {error && (
            <Alert color="red" variant="light" role="alert">
              {errorMessage(error)}
            </Alert>
          )}
          {data.webhooks.length === 0 && (
            <PageMessage title="No webhooks yet">
              Hallpass can send a signed message to a URL of yours when an API token or the policy changes.
            </PageMessage>
          )}
          {data.webhooks.map((webhook) => (
            <WebhookCard key={webhook.id} webhook={webhook} mayChange={mayChange} onChanged={reload} />
          ))}
        </div>
      ) : error ? (
        <ErrorState title="Couldn’t load the webhooks" error={error} onRetry={reload} />
      ) : (
        <Skeleton height={240} />
      )}
      {adding && <WebhookDialog webhook={null} onChanged={reload} onClose={() => setAdding(false)} />}
    </PageLayout>
  );
}

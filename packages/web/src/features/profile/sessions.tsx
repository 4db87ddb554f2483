import { useMutation } from "@apollo/client/react";
import { Button, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { RelativeTime } from "../../components/time/relative-time";
import { type FragmentType, useFragment } from "../../gql/fragment-masking";
import { graphql } from "../../gql/gql";
import { counted } from "../../lib/counted";
import { errorMessage } from "../../lib/error-message";
import { browserName } from "./browser-name";
import classes from "./profile-page.module.css";

const sessionsFragment = graphql(/* GraphQL */ `
  fragment SessionsTable on Session {
    id
    isCurrent
    createdAt
    lastSeenAt
    ip
    userAgent
  }
`);

const endSessionsDocument = graphql(/* GraphQL */ `
  mutation EndSessions($input: EndSessionsInput!) {
    endSessions(input: $input) {
      endedIds
      userErrors {
        message
      }
    }
  }
`);

interface SessionsProps {
  sessions: readonly FragmentType<typeof sessionsFragment>[];
  onEnded: () => void;
}

/** This browser comes first. */
export function Sessions({ sessions: refs, onEnded }: SessionsProps) {
  const sessions = useFragment(sessionsFragment, refs).toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
  const others = sessions.filter(({ isCurrent }) => !isCurrent).map(({ id }) => id);
  const [end, { loading }] = useMutation(endSessionsDocument);

  async function endThese(ids: string[]) {
    try {
      const { data } = await end({ variables: { input: { ids } } });
      const ended = data?.endSessions.endedIds?.length ?? 0;
      notifications.show({ color: "pine", message: `${counted(ended, "session")} ended.` });
    } catch (error) {
      notifications.show({ color: "red", title: "Couldn’t end the session", message: errorMessage(error) });
    }
    onEnded();
  }

  return (
    <>
      <ul className={classes.list} aria-label="Sessions">
        {sessions.map(({ id, isCurrent, lastSeenAt, ip, userAgent }) => {
          const name = browserName(userAgent);
          return (
            <li key={id} className={classes.session}>
              <div>
                <p title={userAgent ?? undefined}>
                  {name} {isCurrent && <span className={classes.here}>This browser</span>}
                </p>
                <Text size="sm" c="dimmed">
                  {ip ?? "Unknown IP address"} · {isCurrent ? "in use now" : <RelativeTime value={lastSeenAt} />}
                </Text>
              </div>
              {!isCurrent && (
                <Button
                  variant="default"
                  size="xs"
                  disabled={loading}
                  aria-label={`End session: ${name}, ${ip ?? "unknown IP address"}`}
                  onClick={() => void endThese([id])}
                >
                  End session
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {others.length > 1 && (
        <Button variant="default" disabled={loading} onClick={() => void endThese(others)}>
          End all other sessions
        </Button>
      )}
    </>
  );
}

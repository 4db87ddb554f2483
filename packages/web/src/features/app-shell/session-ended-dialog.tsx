import { useApolloClient } from "@apollo/client/react";
import { Modal, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { graphql } from "../../gql/gql";
import { inAccount } from "../../lib/account-url";
import { isolated } from "../../lib/isolated";
import type { TabSession } from "../session/tab-session";
import { showViewer, useViewer, type Viewer, viewerDocument } from "../session/viewer";
import { SignIn } from "../sign-in/sign-in";

const recentDocument = graphql(/* GraphQL */ `
  query RecentSignIn {
    viewer {
      authenticatedAt
    }
  }
`);

/** Shorter than the server’s 15 minutes, so that the next request is in time. */
const recentMs = 14 * 60_000;

/** When the person returns to this tab, notices that they have signed in in another. `again`: only if recently. */
function useSignInElsewhere(again: boolean, onSignedIn: (viewer: Viewer) => void) {
  const client = useApolloClient();
  const latest = useRef(onSignedIn);
  latest.current = onSignedIn;
  useEffect(() => {
    async function look() {
      const options = { fetchPolicy: "no-cache", context: { account: null } } as const;
      if (again) {
        const { data } = await client.query({ query: recentDocument, ...options });
        const at = data?.viewer?.authenticatedAt;
        if (!at || Date.now() - Date.parse(at) > recentMs) return;
      }
      const { data } = await client.query({ query: viewerDocument, ...options });
      if (data?.viewer) latest.current(data.viewer);
    }
    // Without an answer, the dialog stays.
    const onFocus = () => void look().catch(() => undefined);
    window.addEventListener("focus", onFocus);
    return () => window.removeEventListener("focus", onFocus);
  }, [client, again]);
}

interface SessionEndedDialogProps {
  session: TabSession;
  /** The session goes on, but the account’s policy requires a recent sign-in. */
  again?: boolean;
}

/** Asks the person to sign in above the open page, so that no input is lost. */
export function SessionEndedDialog({ session, again = false }: SessionEndedDialogProps) {
  const before = useViewer();
  const client = useApolloClient();
  const router = useRouter();

  async function carryOn(viewer: Viewer) {
    // The tab keeps its account, whichever account the new session is in.
    const goesOn = viewer.actor.id === before.actor.id && viewer.accounts.some(({ id }) => id === before.account.id);
    if (goesOn) {
      if (again) return session.signedInAgain(true);
      session.setTrouble(null);
      return void client.refetchQueries({ include: "active" }).catch(() => undefined);
    }
    if (again) session.signedInAgain(false);
    // A different user, or one without a role here, must not see the open page.
    await showViewer(client, session, viewer);
    router.history.push(inAccount(viewer.account.id, "/settings/api-tokens"));
    const lostAccount = viewer.accounts.every(({ id }) => id !== before.account.id);
    if (viewer.actor.id === before.actor.id && lostAccount)
      notifications.show({
        color: "yellow",
        title: `You no longer have access to ${isolated(before.account.name)}`,
        message: `You’re now in ${isolated(viewer.account.name)}.`,
        autoClose: false,
      });
  }

  useSignInElsewhere(again, carryOn);

  return (
    <Modal
      opened
      onClose={() => again && session.signedInAgain(false)}
      withCloseButton={again}
      closeOnEscape={again}
      closeOnClickOutside={false}
      title={again ? "Confirm it’s you" : "Your session has ended"}
      zIndex={500}
      centered
    >
      <Text size="sm" mb="md">
        {again
          ? "For this action, your account’s policy requires a sign-in within the last 15 minutes. Sign in again to continue."
          : "Sign in to pick up where you left off. What you’ve typed is still here."}
      </Text>
      <SignIn onSignedIn={carryOn} redirect="/settings/api-tokens" again={again} inNewTab />
    </Modal>
  );
}

import { useApolloClient } from "@apollo/client/react";
import { Modal, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useRouter } from "@tanstack/react-router";
import { isolated } from "../../components/isolated";
import type { SessionEnd } from "../session/session-end";
import { useViewer, type Viewer } from "../session/viewer";
import { SignInForm } from "../sign-in/sign-in-form";

/**
 * Asks for the password over the page as it stands, so that what was being typed is still there afterwards.
 */
export function SessionEndedDialog({ sessionEnd }: { sessionEnd: SessionEnd }) {
  const before = useViewer();
  const client = useApolloClient();
  const router = useRouter();

  async function carryOn(viewer: Viewer) {
    sessionEnd.clear();
    const samePerson = viewer.actor.id === before.actor.id && viewer.account.id === before.account.id;
    if (samePerson) return void client.refetchQueries({ include: "active" });
    // Someone else, or another account: nothing of what is open is theirs.
    // It rejects when a query of the page that was left is aborted meanwhile; the pages ahead ask anew.
    await client.resetStore().catch(() => {});
    await router.navigate({ to: "/settings/api-tokens" });
    const lostAccount = viewer.accounts.every(({ id }) => id !== before.account.id);
    if (viewer.actor.id === before.actor.id && lostAccount)
      notifications.show({
        color: "yellow",
        title: `You no longer have access to ${isolated(before.account.name)}`,
        message: `You’re now in ${isolated(viewer.account.name)}.`,
        autoClose: false,
      });
  }

  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title="Your session has ended"
      zIndex={500}
      centered
    >
      <Text size="sm" mb="md">
        Sign in to go on where you were. Nothing that you typed is lost.
      </Text>
      <SignInForm onSignedIn={carryOn} />
    </Modal>
  );
}

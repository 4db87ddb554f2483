import { useApolloClient } from "@apollo/client/react";
import { Alert, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { PendingButton } from "../../components/pending-button";
import { errorMessage } from "../../lib/error-message";
import { isolated } from "../../lib/isolated";
import { useAccountActions } from "../account-switcher/use-account-actions";
import type { TabSession } from "../session/tab-session";
import { useViewer, viewerDocument } from "../session/viewer";

/** Offers ways to continue when the user no longer has a role in the tab’s account. The page stays open behind it. */
export function RoleRemovedDialog({ session }: { session: TabSession }) {
  const { account, accounts } = useViewer();
  const { switchAccount, signOut } = useAccountActions();
  const tryAgain = useTryAgain(session);
  const [pending, setPending] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const others = accounts.filter(({ id }) => id !== account.id);

  const ways = [
    { label: "Try again", go: tryAgain },
    ...others.map(({ id, name }) => ({ label: `Switch to ${isolated(name)}`, go: () => switchAccount(id) })),
    { label: "Sign out", go: signOut },
  ];

  async function take({ label, go }: (typeof ways)[number]) {
    setPending(label);
    setFailure(await go());
    setPending(null);
  }

  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={`You no longer have access to ${isolated(account.name)}`}
      zIndex={500}
      centered
    >
      <Stack gap="sm">
        <Text size="sm">
          Your role in this account was removed. If you get it back, try again to pick up where you left off.
        </Text>
        {failure && (
          <Alert color="red" role="alert" variant="light">
            {failure}
          </Alert>
        )}
        {ways.map((way) => (
          <PendingButton
            key={way.label}
            variant="default"
            pending={pending === way.label}
            onClick={() => void take(way)}
          >
            {way.label}
          </PendingButton>
        ))}
      </Stack>
    </Modal>
  );
}

/** Checks whether the role is back, without changing the page. */
function useTryAgain(session: TabSession) {
  const client = useApolloClient();
  return async () => {
    try {
      const { data } = await client.query({ query: viewerDocument, fetchPolicy: "no-cache" });
      session.setTrouble(data?.viewer ? null : "ended");
      if (data?.viewer) await client.refetchQueries({ include: "active" }).catch(() => undefined);
      return null;
    } catch (error) {
      return errorMessage(error);
    }
  };
}

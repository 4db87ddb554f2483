import { useApolloClient, useMutation } from "@apollo/client/react";
import { useRouteContext, useRouter } from "@tanstack/react-router";
import { graphql } from "../../gql/gql";
import { inAccount } from "../../lib/account-url";
import { errorMessage } from "../../lib/error-message";
import { showViewer } from "../session/viewer";

const switchAccountDocument = graphql(/* GraphQL */ `
  mutation SwitchAccount($input: SwitchAccountInput!) {
    switchAccount(input: $input) {
      viewer {
        role
        actor {
          id
          name
        }
        account {
          id
          name
          type
        }
        accounts {
          id
          name
          type
        }
        ...ViewerSavedViews
      }
      userErrors {
        message
      }
    }
  }
`);

const signOutDocument = graphql(/* GraphQL */ `
  mutation SignOut {
    signOut {
      userErrors {
        message
      }
    }
  }
`);

/** Both return an error message, or null on success. */
export function useAccountActions() {
  const client = useApolloClient();
  const router = useRouter();
  const { session } = useRouteContext({ from: "/signed-in" });
  const [switchAccount] = useMutation(switchAccountDocument);
  const [signOut] = useMutation(signOutDocument);

  return {
    /** Switches this tab and tabs opened later. Other open tabs keep their account. */
    async switchAccount(accountId: string): Promise<string | null> {
      try {
        const { data } = await switchAccount({
          variables: { input: { accountId } },
          // The user may no longer have a role in the old account.
          context: { account: accountId },
          fetchPolicy: "no-cache",
        });
        const { viewer, userErrors = [] } = data?.switchAccount ?? {};
        if (!viewer) return userErrors[0]?.message ?? errorMessage(null);
        await showViewer(client, session, viewer);
        // Also drops the old account’s filters from the URL.
        router.history.push(inAccount(viewer.account.id, "/settings/api-tokens"));
        return null;
      } catch (error) {
        return errorMessage(error);
      }
    },
    async signOut(): Promise<string | null> {
      try {
        await signOut({ context: { account: null } });
        session.accountId = null;
        session.setTrouble(null);
        await client.clearStore();
        await router.navigate({ to: "/sign-in" });
        return null;
      } catch (error) {
        return errorMessage(error);
      }
    },
  };
}

import type { ApolloClient } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { type Caller, can, type Permission } from "@hallpass/shared";
import { graphql } from "../../gql/gql";
import type { ViewerQuery } from "../../gql/graphql";
import type { TabSession } from "./tab-session";

export const viewerDocument = graphql(/* GraphQL */ `
  query Viewer {
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
  }
`);

export type Viewer = NonNullable<ViewerQuery["viewer"]>;

/** Returns the signed-in user in the tab’s account, or in the session’s if the tab has none yet. */
export async function readViewer(client: ApolloClient): Promise<Viewer | null> {
  const { data } = await client.query({ query: viewerDocument });
  return data?.viewer ?? null;
}

/**
 * Switches this tab to another user or account. Clears the previous one’s data from memory and reloads open queries.
 */
export async function showViewer(client: ApolloClient, session: TabSession, viewer: Viewer): Promise<void> {
  session.accountId = viewer.account.id;
  session.setTrouble(null);
  const forget = client.onResetStore(async () => {
    client.writeQuery({ query: viewerDocument, data: { viewer } });
  });
  // Queries that fail show their own error.
  await client.resetStore().catch(() => undefined);
  forget();
}

/** The signed-in user. Only for use inside the app shell, whose route waits for the viewer. */
export function useViewer(): Viewer {
  const { data, previousData } = useQuery(viewerDocument);
  // Switching accounts and signing out clear the cache just before leaving the page.
  const viewer = data?.viewer ?? previousData?.viewer;
  if (!viewer) throw new Error("useViewer is for signed-in pages only");
  return viewer;
}

/** Whether the user has a permission in the current account, by the server’s own rules. */
export function useCan(permission: Permission): boolean {
  const { actor, role } = useViewer();
  const caller: Caller | null = role && { kind: "person", id: actor.id, role };
  return caller !== null && can(caller, permission);
}

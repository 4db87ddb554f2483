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
    }
  }
`);

export type Viewer = NonNullable<ViewerQuery["viewer"]>;

/** Who is signed in, in the account that this tab shows or, before it shows one, in the session's own. */
export async function readViewer(client: ApolloClient): Promise<Viewer | null> {
  const { data } = await client.query({ query: viewerDocument });
  return data?.viewer ?? null;
}

/**
 * From now on this tab shows another person or account: nothing of the one before stays in memory, and what is open is
 * read again.
 */
export async function showViewer(client: ApolloClient, session: TabSession, viewer: Viewer): Promise<void> {
  session.accountId = viewer.account.id;
  session.setTrouble(null);
  const forget = client.onResetStore(async () => {
    client.writeQuery({ query: viewerDocument, data: { viewer } });
  });
  // What cannot be read again says so itself.
  await client.resetStore().catch(() => undefined);
  forget();
}

/** Who is signed in. Only for what stands inside the app's shell, whose route waits for the viewer. */
export function useViewer(): Viewer {
  const { data, previousData } = useQuery(viewerDocument);
  // A switch of accounts and signing out empty the cache a moment before the page is left.
  const viewer = data?.viewer ?? previousData?.viewer;
  if (!viewer) throw new Error("useViewer is for signed-in pages only");
  return viewer;
}

/** Whether the person may do this in the account that they are in; the rules are the server's own. */
export function useCan(permission: Permission): boolean {
  const { actor, role } = useViewer();
  const caller: Caller | null = role && { kind: "person", id: actor.id, role };
  return caller !== null && can(caller, permission);
}

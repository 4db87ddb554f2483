import { useQuery } from "@apollo/client/react";
import { type Caller, can, type Permission } from "@hallpass/shared";
import { graphql } from "../../gql/gql";
import type { ViewerQuery } from "../../gql/graphql";

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

import { type ApolloClient, CombinedGraphQLErrors } from "@apollo/client";
import type { TabSession } from "./tab-session";
import { showViewer, type Viewer, viewerDocument } from "./viewer";

/** The signed-in person has no role in the account the URL names. `accounts` are those where they have one. */
export interface NoAccess {
  accountId: string;
  accounts: Viewer["accounts"];
}

/**
 * Makes the account of the URL the tab’s, or the session’s if the URL names none. The tab’s data of another account is
 * dropped. Null if nobody is signed in.
 */
export async function enterAccount(
  client: ApolloClient,
  session: TabSession,
  named: string | null,
): Promise<Viewer | NoAccess | null> {
  const known = client.readQuery({ query: viewerDocument })?.viewer ?? null;
  if (known && (named === null || known.account.id === named)) {
    session.accountId = known.account.id;
    return known;
  }
  const viewer = await read(client, named ?? session.accountId);
  if (!viewer || "accountId" in viewer) return viewer;
  if (known) await showViewer(client, session, viewer);
  else session.accountId = viewer.account.id;
  return viewer;
}

async function read(client: ApolloClient, account: string | null): Promise<Viewer | NoAccess | null> {
  const query = { query: viewerDocument, fetchPolicy: "network-only" } as const;
  try {
    const { data } = await client.query({ ...query, context: { account } });
    return data?.viewer ?? null;
  } catch (error) {
    if (!account || !isWithoutRole(error)) throw error;
    const { data } = await client.query({ ...query, fetchPolicy: "no-cache", context: { account: null } });
    return data?.viewer ? { accountId: account, accounts: data.viewer.accounts } : null;
  }
}

const isWithoutRole = (error: unknown) =>
  CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.missingRoleIn !== undefined);

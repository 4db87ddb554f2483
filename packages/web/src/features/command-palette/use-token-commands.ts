import { useQuery } from "@apollo/client/react";
import { searchTermOf } from "@hallpass/shared";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { graphql } from "../../gql/gql";
import type { PaletteTokensQuery } from "../../gql/graphql";
import type { SearchParams } from "../../lib/search-params";
import { type MenuAction, offeredActions } from "../api-tokens/actions/offered-actions";
import type { Command } from "./command";

const tokensDocument = graphql(/* GraphQL */ `
  query PaletteTokens($search: String!) {
    apiTokens(first: 8, filter: { search: $search }) {
      nodes {
        id
        name
        status
        availableActions
      }
    }
  }
`);

export type FoundToken = PaletteTokensQuery["apiTokens"]["nodes"][number];
export type TokenTask = { token: FoundToken; action: Exclude<MenuAction, "DUPLICATE"> };

/** Milliseconds between the last keystroke and the search. */
const pause = 150;

/** Tokens that match the text. A pasted value is searched by its token’s ID. */
export function useFoundTokens(text: string, choose: (token: FoundToken) => void) {
  const [search] = useDebouncedValue(searchTermOf(text.trim()), pause);
  const { data, loading, error } = useQuery(tokensDocument, {
    variables: { search },
    skip: search === "",
    fetchPolicy: "network-only",
  });
  const isCurrent = search === searchTermOf(text.trim());
  const tokens = search && isCurrent ? (data?.apiTokens.nodes ?? []) : [];
  return {
    loading: text.trim() !== "" && (loading || !isCurrent),
    error,
    commands: tokens.map(
      (token): Command => ({
        id: token.id,
        group: "API tokens",
        label: token.name,
        hint: token.status === "ACTIVE" ? token.id : `${token.id} · ${statuses[token.status]}`,
        run: () => choose(token),
        keepsOpen: true,
      }),
    ),
  };
}

const statuses = { DISABLED: "Disabled", DELETED: "Deleted" } as const;
const labels: Record<MenuAction, string> = {
  EDIT: "Edit",
  DUPLICATE: "Duplicate",
  ROTATE: "Rotate",
  ENABLE: "Enable",
  DISABLE: "Disable",
  DELETE: "Delete",
};

/** What can be done with a token. */
export function useActionsOn(token: FoundToken | null, start: (task: TokenTask) => void): Command[] {
  const navigate = useNavigate();
  if (!token) return [];
  const { id, name, availableActions } = token;
  const group = name;
  const open = () => void navigate({ to: "/settings/api-tokens/$tokenId/{-$tab}", params: { tokenId: id } });
  const duplicate = () => {
    const search: SearchParams = { copy: id };
    void navigate({ to: "/settings/api-tokens/add", search: search as never });
  };
  return [
    { id: "open", group, label: "View details", hint: id, run: open },
    ...offeredActions
      .filter((action) => availableActions.includes(action === "DUPLICATE" ? "EDIT" : action))
      .map((action) => ({
        id: action,
        group,
        label: labels[action],
        run: action === "DUPLICATE" ? duplicate : () => start({ token, action }),
      })),
  ];
}

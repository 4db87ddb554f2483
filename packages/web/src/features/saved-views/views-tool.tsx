import { useApolloClient } from "@apollo/client/react";
import { IconLayoutGrid } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { ToolPopover } from "../../components/data-grid/toolbar/tool-popover";
import { type GridDefinition, writeGridUrl } from "../../components/data-grid/url/grid-url";
import type { GridUrl } from "../../components/data-grid/url/use-grid-url";
import type { SavedViewList } from "../../gql/graphql";
import { lazyPart } from "../../lib/lazy-part";
import type { SearchParams } from "../../lib/search-params";
import { useViewer } from "../session/viewer";
import { useSavedViews } from "./saved-views";
import { hasSameParams, type View } from "./view";

const ViewsPanel = lazyPart(async () => (await import("./views-panel")).ViewsPanel);

interface ViewsToolProps<Row> {
  list: SavedViewList;
  /** Name of the view without any parameters. */
  all: string;
  /** Views everyone has. */
  presets?: () => View[];
  /** The number of rows in the presets, by name. A hook, called while the views are shown. */
  useCounts?: () => Record<string, number>;
  grid: GridDefinition<Row>;
  url: GridUrl;
}

/** The toolbar’s menu of a list’s views: all rows, the presets and the saved ones. */
export function ViewsTool<Row>({ list, all, presets, useCounts = noCounts, grid, url }: ViewsToolProps<Row>) {
  const [opened, setOpened] = useState(false);
  const saved = useSavedViews(list);
  const fixed = useMemo(() => [{ name: all, params: {} }, ...(presets?.() ?? [])], [all, presets]);
  const current = withoutDefaults(writeGridUrl({ ...url.state, page: 1 }, grid));
  const active = [...fixed, ...saved].find(({ params }) => hasSameParams(params, current));
  useTakeOver(list);
  return (
    <ToolPopover
      label={active?.name ?? "Unsaved view"}
      icon={<IconLayoutGrid size={16} aria-hidden />}
      width={320}
      opened={opened}
      onChange={setOpened}
    >
      <ViewsPanel
        list={list}
        fixed={fixed}
        saved={saved}
        useCounts={useCounts}
        active={active}
        current={current}
        onShow={(view) => {
          url.show(view.params);
          setOpened(false);
        }}
      />
    </ToolPopover>
  );
}

const noCounts = () => ({});

/** Saves the views that earlier versions kept in this browser, once. */
function useTakeOver(list: SavedViewList) {
  const client = useApolloClient();
  const { account } = useViewer();
  useEffect(() => {
    const key = keyInBrowser(list, account.id);
    if (!isStored(key)) return;
    // What fails is tried again the next time.
    void import("./take-over")
      .then(({ takeOver }) => takeOver(client, { list, accountId: account.id, key }))
      .catch(() => undefined);
  }, [client, list, account.id]);
}

function isStored(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

const gridIds = { API_TOKENS: "api-tokens", AUDIT_TRAIL: "audit-trail", OBJECT_AUDIT_TRAIL: "audit-trail-of-one" };
const keyInBrowser = (list: SavedViewList, accountId: string) => `hallpass.grid.${gridIds[list]}.${accountId}.views`;

function withoutDefaults(params: Record<string, string | undefined>): SearchParams {
  return Object.fromEntries(Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

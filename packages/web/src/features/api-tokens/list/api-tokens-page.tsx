import { limits } from "@hallpass/shared";
import { Button, Group } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { Suspense, useMemo, useState } from "react";
import { DataGrid } from "../../../components/data-grid/data-grid";
import { useSelection } from "../../../components/data-grid/selection/use-selection";
import { useGridUrl } from "../../../components/data-grid/url/use-grid-url";
import { PageLayout } from "../../../components/page/page-layout";
import { PageMessage } from "../../../components/page/page-message";
import { useFragment as unmask } from "../../../gql/fragment-masking";
import { lazyPart } from "../../../lib/lazy-part";
import { useDefaultView } from "../../saved-views/saved-views";
import { ViewsTool } from "../../saved-views/views-tool";
import { useCan, useViewer, type Viewer } from "../../session/viewer";
import { apiTokenActionsFragment } from "../actions/actions-menu";
import { ExportButton } from "../export/export-button";
import { apiTokensGrid } from "./api-tokens-grid";
import { type ApiTokenRow, useApiTokens } from "./api-tokens-query";
import { presetViews, usePresetCounts } from "./preset-views";
import { toFilter } from "./to-filter";
import { useLiveRows } from "./use-live-rows";

const EditApiTokenDialog = lazyPart(async () => (await import("../edit/edit-dialog")).EditApiTokenDialog);
const BulkBar = lazyPart(async () => (await import("../bulk/bulk-bar")).BulkBar);

/** Another account or user starts anew, so that no row, selection or dialog of the previous one stays. */
export function ApiTokensPage() {
  const { account, actor } = useViewer();
  return <ApiTokensOf key={`${account.id} ${actor.id}`} account={account} />;
}

function ApiTokensOf({ account }: Pick<Viewer, "account">) {
  const mayChange = useCan("apiToken:write");
  const grid = useMemo(() => apiTokensGrid(account.type === "OPERATIONS"), [account.type]);
  const url = useGridUrl(grid, useDefaultView("API_TOKENS"));
  const data = useApiTokens(url.state);
  const ids = useMemo(() => (data.rows ?? []).map(rowId), [data.rows]);
  const isOutdated = useLiveRows(ids, toFilter(url.state.search, url.state.filter), data);
  const [editing, setEditing] = useState<string | null>(null);
  const { search, filter } = url.state;
  const selected = useSelection(JSON.stringify([account.id, search, filter]), limits.tokensPerChange);

  return (
    <PageLayout
      title="API tokens"
      actions={
        <Group gap="sm" wrap="nowrap">
          <ExportButton accountId={account.id} state={url.state} columns={grid.columns} />
          {mayChange && <AddButton />}
        </Group>
      }
    >
      <DataGrid
        id="api-tokens"
        scope={account.id}
        label="API tokens"
        views={
          <ViewsTool
            list="API_TOKENS"
            all="All API tokens"
            presets={presetViews}
            useCounts={usePresetCounts}
            grid={grid}
            url={url}
          />
        }
        grid={grid}
        url={url}
        data={{ ...data, isOutdated }}
        rowId={rowId}
        selection={
          mayChange
            ? {
                rows: selected,
                name: rowName,
                bar: <BulkBar selection={selected} state={url.state} total={data.total ?? 0} />,
              }
            : undefined
        }
        rowKeys={{ e: (token) => setEditing(readActions(token).availableActions.includes("EDIT") ? token.id : null) }}
        empty={<NoTokensYet mayAdd={mayChange} />}
      />
      <Outlet />
      {editing && (
        <Suspense>
          <EditApiTokenDialog opened tokenId={editing} onClose={() => setEditing(null)} />
        </Suspense>
      )}
    </PageLayout>
  );
}

const rowId = ({ id }: ApiTokenRow) => id;
const readActions = (token: ApiTokenRow) => unmask(apiTokenActionsFragment, token);
const rowName = ({ name }: ApiTokenRow) => name;

function AddButton() {
  const navigate = useNavigate();
  return (
    <Button
      leftSection={<IconPlus size={16} aria-hidden="true" />}
      onClick={() => navigate({ to: "/settings/api-tokens/add", search: true })}
    >
      Add
    </Button>
  );
}

function NoTokensYet({ mayAdd }: { mayAdd: boolean }) {
  return (
    <PageMessage
      icon={<IconKey size={32} stroke={1.4} aria-hidden="true" />}
      title="No API tokens yet"
      actions={mayAdd && <AddButton />}
    >
      {mayAdd
        ? "API tokens give programs access to the modules you choose. Add your first one."
        : "API tokens give programs access to an account’s modules. An administrator can add one."}
    </PageMessage>
  );
}

import { Button } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { DataGrid } from "../../../components/data-grid/data-grid";
import { useGridUrl } from "../../../components/data-grid/url/use-grid-url";
import { PageLayout } from "../../../components/page/page-layout";
import { PageMessage } from "../../../components/page/page-message";
import { useCan, useViewer } from "../../session/viewer";
import { apiTokensGrid } from "./api-tokens-grid";
import { type ApiTokenRow, useApiTokens } from "./api-tokens-query";

export function ApiTokensPage() {
  const { account } = useViewer();
  const mayAdd = useCan("apiToken:write");
  const grid = useMemo(() => apiTokensGrid(account.type === "OPERATIONS"), [account.type]);
  const url = useGridUrl(grid);
  const data = useApiTokens(url.state);

  return (
    <PageLayout title="API tokens" actions={mayAdd && <AddButton />}>
      <DataGrid
        key={account.id}
        id="api-tokens"
        scope={account.id}
        label="API tokens"
        grid={grid}
        url={url}
        data={data}
        rowId={rowId}
        empty={<NoTokensYet mayAdd={mayAdd} />}
      />
      <Outlet />
    </PageLayout>
  );
}

const rowId = ({ id }: ApiTokenRow) => id;

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

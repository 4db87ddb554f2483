import { Paper } from "@mantine/core";
import { Suspense, useId, useState } from "react";
import { lazyPart, useLazyParts } from "../../lib/lazy-part";
import classes from "./data-grid.module.css";
import type { DataGridProps, FilterPanelState } from "./data-grid-props";
import { GridAnnouncement } from "./table/grid-announcement";
import { GridBodyMessage } from "./table/grid-body-message";
import { GridPaging } from "./table/grid-paging";
import { GridTable } from "./table/grid-table";
import { StaleRows } from "./table/stale-rows";
import { GridToolbar } from "./toolbar/grid-toolbar";

const UrlProblems = lazyPart(async () => (await import("./url/url-problems")).UrlProblems);

/** A table showing one page of rows. Its state (sorting, filter, columns, page) is kept in the URL. */
export function DataGrid<Row extends object>(props: DataGridProps<Row>) {
  const { label, url, data } = props;
  const [filterPanel, setFilterPanel] = useState<FilterPanelState>({ opened: false, startWith: null });
  const headingId = useId();
  const { rows } = data;
  const hasRows = rows !== undefined && rows.length > 0;
  const hasLoaded = rows !== undefined;
  useLazyParts(hasLoaded);
  const isLoadingFirst = rows === undefined && !data.error;

  return (
    <Paper className={classes.card} radius="lg" withBorder>
      <GridToolbar {...props} filterPanel={filterPanel} setFilterPanel={setFilterPanel} />
      {url.problems.length > 0 && (
        <Suspense>
          <UrlProblems problems={url.problems} onDismiss={() => url.change({ page: url.state.page }, replace)} />
        </Suspense>
      )}
      <GridAnnouncement label={label} data={data} state={url.state} />
      <span id={headingId} hidden>
        {label}
      </span>
      {data.error !== undefined && hasRows && <StaleRows label={label} error={data.error} onRetry={data.refresh} />}
      {!hasRows && !isLoadingFirst ? (
        <GridBodyMessage {...props} />
      ) : (
        <GridTable
          {...props}
          labelledBy={headingId}
          onFilterBy={(field) => setFilterPanel({ opened: true, startWith: field })}
        />
      )}
      {props.selection && props.selection.rows.ids.size > 0 && <Suspense>{props.selection.bar}</Suspense>}
      <GridPaging state={url.state} data={data} change={url.change} />
    </Paper>
  );
}

const replace = { replace: true };

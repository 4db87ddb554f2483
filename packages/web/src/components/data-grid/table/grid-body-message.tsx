import { Button } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import { isUncounted } from "../../../lib/counted";
import { ErrorState } from "../../page/error-state";
import { PageMessage } from "../../page/page-message";
import type { DataGridProps } from "../data-grid-props";

/** Replaces the rows after an error, beyond the last page, without matches or without data. */
export function GridBodyMessage<Row>({ label, url, data, empty }: DataGridProps<Row>) {
  const { state, change } = url;
  if (data.error) {
    return <ErrorState title={`${label} couldn’t be loaded`} error={data.error} onRetry={data.refresh} />;
  }
  if (data.total) {
    const isOver = isUncounted(data.total);
    const last = isOver ? 1 : Math.ceil(data.total / state.pageSize);
    return (
      <PageMessage
        title={`There is no page ${state.page}`}
        actions={<Button onClick={() => change({ page: last }, { replace: true })}>Go to page {last}</Button>}
      >
        {isOver ? "The list ends earlier." : last === 1 ? "There is only one page." : `The last page is ${last}.`}
      </PageMessage>
    );
  }
  if (state.filter || state.search) {
    return (
      <PageMessage
        icon={<IconFilterOff size={32} stroke={1.4} aria-hidden="true" />}
        title="No results"
        actions={
          <Button variant="default" mt="xs" onClick={() => change({ filter: null, search: "" })}>
            Clear search and filter
          </Button>
        }
      >
        Try another search or fewer filters.
      </PageMessage>
    );
  }
  return empty;
}

import { VisuallyHidden } from "@mantine/core";
import { countedUpTo, isUncounted } from "../../../lib/counted";
import type { GridData, GridState } from "../grid-types";

interface GridAnnouncementProps {
  label: string;
  data: GridData<unknown>;
  state: GridState;
}

/** Announces the table’s contents to screen readers after each change. */
export function GridAnnouncement({ label, data, state }: GridAnnouncementProps) {
  return (
    <VisuallyHidden role="status" aria-label={`${label}, result`}>
      {announcement(data, state)}
    </VisuallyHidden>
  );
}

function announcement({ rows, total, loading, error }: GridData<unknown>, { page, pageSize }: GridState): string {
  // The error is announced as an alert.
  if (error) return "";
  if (loading || !rows || total === undefined) return "Loading";
  if (total === 0) return "No rows";
  const pages = isUncounted(total) ? "" : ` of ${Math.ceil(total / pageSize)}`;
  return `${countedUpTo(total, "row")}, page ${page}${pages}`;
}

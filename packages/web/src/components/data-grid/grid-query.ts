import type { GridData } from "./grid-types";

/** Grids show cached rows immediately and reload them. */
export const gridQuery = { fetchPolicy: "cache-and-network", notifyOnNetworkStatusChange: true } as const;

/** The parts of Apollo’s useQuery result that grids need. */
interface QueryResult {
  data?: unknown;
  previousData?: unknown;
  loading: boolean;
  error?: unknown;
  refetch: () => Promise<unknown>;
}

interface Page<Row> {
  nodes: readonly Row[];
  total: number;
}

type DataOf<Result extends QueryResult> = NonNullable<Result["previousData"]>;

/** Returns a page of rows. The previous page stays while another loads. */
export function toGridData<Result extends QueryResult, Row>(
  { data, previousData, loading, error, refetch }: Result,
  pageOf: (data: DataOf<Result>) => Page<Row>,
): GridData<Row> {
  const known = (data ?? (loading ? previousData : undefined)) as DataOf<Result> | undefined;
  const page = known && pageOf(known);
  return {
    rows: page?.nodes,
    total: page?.total,
    loading,
    // Hide the old error while retrying.
    error: loading ? undefined : error,
    refresh: () => void refetch().catch(() => {}),
  };
}

import type { GridData } from "./grid-types";

/** How a grid asks: what is known shows at once, and is read again. */
export const gridQuery = { fetchPolicy: "cache-and-network", notifyOnNetworkStatusChange: true } as const;

/** What grids need of Apollo's useQuery. */
interface QueryResult {
  data?: unknown;
  previousData?: unknown;
  loading: boolean;
  error?: unknown;
  refetch: () => Promise<unknown>;
}

interface Page<Row> {
  nodes: readonly Row[];
  totalCount: number;
}

type DataOf<Result extends QueryResult> = NonNullable<Result["previousData"]>;

/** A page of rows; the one before stays while another loads. */
export function toGridData<Result extends QueryResult, Row>(
  { data, previousData, loading, error, refetch }: Result,
  pageOf: (data: DataOf<Result>) => Page<Row>,
): GridData<Row> {
  const known = (data ?? (loading ? previousData : undefined)) as DataOf<Result> | undefined;
  const page = known && pageOf(known);
  return {
    rows: page?.nodes,
    total: page?.totalCount,
    loading,
    // While it is tried again, the old failure is no longer the news.
    error: loading ? undefined : error,
    refresh: () => void refetch().catch(() => {}),
  };
}

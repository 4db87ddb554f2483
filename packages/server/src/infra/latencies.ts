import type { Registry } from "prom-client";

/** In seconds. A warm check takes less than the first, GraphQL is cancelled after the last. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const name = "hallpass_request_duration_seconds";
const help = "Time to answer a check, an introspection or a GraphQL request, by HTTP status.";

export type Endpoint = "authorize" | "introspect" | "graphql";

interface Series {
  endpoint: Endpoint;
  status: string;
  /** Number of requests at most as slow as each bound, but slower than the one before. The last: slower than all. */
  counts: number[];
  sum: number;
}

/** A histogram that costs a check next to nothing: prom-client's would cost as much as the decision. */
export interface Latencies {
  observe(endpoint: Endpoint, status: number, ms: number): void;
}

export function createLatencies(registry: Registry): Latencies {
  const known: Record<Endpoint, Record<number, Series>> = { authorize: {}, introspect: {}, graphql: {} };

  function seriesOf(endpoint: Endpoint, status: number): Series {
    const series = known[endpoint][status];
    if (series) return series;
    const counts = new Array<number>(bounds.length + 1).fill(0);
    const fresh: Series = { endpoint, status: String(status), counts, sum: 0 };
    known[endpoint][status] = fresh;
    return fresh;
  }

  const metric = {
    name,
    get: async () => ({
      name,
      help,
      type: "histogram",
      aggregator: "sum",
      values: Object.values(known).flatMap((series) => Object.values(series).flatMap(valuesOf)),
    }),
    reset() {},
  };
  registry.registerMetric(metric as never);
  return {
    observe(endpoint, status, ms) {
      const series = seriesOf(endpoint, status);
      const seconds = ms / 1_000;
      let bucket = 0;
      while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket++;
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
      series.sum += seconds;
    },
  };
}

function valuesOf({ endpoint, status, counts, sum }: Series) {
  const labels = { endpoint, status };
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    return { metricName: `${name}_bucket`, labels: { le: bounds[index] ?? "+Inf", ...labels }, value: total };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: total },
  ];
}

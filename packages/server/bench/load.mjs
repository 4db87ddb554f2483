// Generates load in a separate process, which can have its own core. Reads its options from standard input, as JSON:
//   { url, seconds, connections, rate?, requests: [{ method?, path?, headers?, body? }] }
// Prints its measurements, as JSON.
import { json } from "node:stream/consumers";
import autocannon from "autocannon";

const { url, seconds, connections, rate, requests } = await json(process.stdin);
const result = await autocannon({ url, duration: seconds, connections, requests, ...(rate && { overallRate: rate }) });
const statuses = Object.fromEntries(
  Object.entries(result.statusCodeStats).map(([status, { count }]) => [status, count]),
);
console.log(
  JSON.stringify({
    perSecond: result.requests.total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    mean: result.latency.average,
    errors: result.errors + result.timeouts,
    statuses,
  }),
);

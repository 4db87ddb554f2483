import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** What a person would look at or alert on, in Prometheus' terms. */
export interface Metrics {
  registry: Registry;
  /** Checks by what came of them. Plain numbers: counting is on the way of every check. */
  checks: Record<string, number>;
  usageFailures: Counter;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const checks: Record<string, number> = {};
  new Counter({
    name: "hallpass_checks_total",
    help: "Token checks by what came of them.",
    labelNames: ["outcome"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(checks)) this.inc({ outcome }, count);
    },
  });
  const usageFailures = new Counter({
    name: "hallpass_usage_write_failures_total",
    help: "Batches of usage that could not be written and are kept for the next try.",
    registers: [registry],
  });
  return { registry, checks, usageFailures };
}

/** A figure that is read when it is asked for. */
export function gauge({ registry }: Metrics, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

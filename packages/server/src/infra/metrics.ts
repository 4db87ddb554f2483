import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { createLatencies, type Latencies } from "./latencies.js";

/** Prometheus metrics for dashboards and alerts. */
export interface Metrics {
  registry: Registry;
  /** Checks by outcome. Plain numbers, as every check counts. */
  checks: Record<string, number>;
  usageFailures: Counter;
  signIns: Counter<"outcome">;
  /** Requests and checks that failed because of a bug or an unavailable dependency. */
  failures: Counter;
  /** In seconds. */
  revocationLag: Histogram;
  latencies: Latencies;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const checks: Record<string, number> = {};
  new Counter({
    name: "hallpass_checks_total",
    help: "Token checks by outcome.",
    labelNames: ["outcome"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(checks)) this.inc({ outcome }, count);
    },
  });
  const usageFailures = new Counter({
    name: "hallpass_usage_write_failures_total",
    help: "Batches of usage that could not be written and are kept for the next attempt.",
    registers: [registry],
  });
  const signIns = new Counter({
    name: "hallpass_sign_ins_total",
    help: "Sign-in attempts by outcome: good, refused, throttled (once for each limit reached) or busy (too many at once).",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const failures = new Counter({
    name: "hallpass_faults_total",
    help: "Requests that failed because of Hallpass or its database.",
    registers: [registry],
  });
  const revocationLag = new Histogram({
    name: "hallpass_revocation_lag_seconds",
    help: "Time from a change until this process saw it in the audit trail. The bound is 1.",
    buckets: [0.05, 0.1, 0.25, 0.5, 0.75, 1, 2, 5],
    registers: [registry],
  });
  return { registry, checks, usageFailures, signIns, failures, revocationLag, latencies: createLatencies(registry) };
}

/** Adds metrics of the process itself: memory, event loop and garbage collections. They are collected until it ends. */
export function addProcessFigures({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry });
}

/** A metric that is read when scraped. */
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

import { applyChange, createTokenCache, createTokenReader, type TokenCache } from "@hallpass/shared/check";
import type { Logger } from "pino";
import { Counter, Gauge } from "prom-client";
import type { DataSource } from "typeorm";
import type { AppContext } from "../context/app-context.js";
import { rateLimited } from "../core/errors.js";
import { createWorkQueue } from "../core/work-queue.js";
import {
  checkStatements,
  nodesOf,
  openCheckConnections,
  openDataSource,
  poolOf,
  runMigrations,
} from "../db/data-source.js";
import { SignedHeads1764200000000 } from "../db/migrations/1764200000000-signed-heads.js";
import type { Nodes } from "../db/nodes.js";
import { createMissingTriggers } from "../db/triggers.js";
import { createRevokeLimit } from "../features/api-tokens/revoke.routes.js";
import { createRevealLimits } from "../features/api-tokens/token-secret.js";
import { noHeadsFile, openHeadsFile } from "../features/audit/heads/heads-file.js";
import { signExistingHeads } from "../features/audit/heads/sign-heads.js";
import { startChangeFeed } from "../features/checks/change-feed.js";
import { readTokenSnapshots } from "../features/checks/token-snapshot.js";
import { checkCanaries, hasBeenUsed } from "../features/encryption-keys/canaries.js";
import { createLogoQueue } from "../features/logos/logo.js";
import { sessionLookups } from "../features/sessions/find-session.js";
import { createSignInQueue } from "../features/sessions/passwords.js";
import { createSignInLimits } from "../features/sessions/sign-in.js";
import { createUsageRecorder } from "../features/usage/usage-recorder.js";
import { createClientAddresses } from "../http/client-address.js";
import { type ChangeBus, connectBus, noBus } from "../infra/change-bus.js";
import type { Config } from "../infra/config.js";
import { type Keyring, openKeyring } from "../infra/keyring.js";
import { createMetrics, gauge, type Metrics } from "../infra/metrics.js";
import { createRateLimit } from "../infra/rate-limit.js";
import { connectRedis } from "../infra/redis.js";
import { createTokenBuckets } from "../infra/token-buckets.js";
import { openTraces } from "../infra/traces.js";
import { entities } from "./entities.js";
import { startHousekeeping } from "./housekeeping.js";

const fiveMinutes = 5 * 60;

export async function createAppContext(config: Config, logger: Logger): Promise<AppContext> {
  const nodes = nodesOf(config, logger);
  const dataSource = await openDataSource(config, entities, nodes, logger);
  const { keyring, migrations, checks } = await prepare(dataSource, nodes, config, logger).catch(async (error) => {
    await dataSource.destroy();
    nodes?.close();
    throw error;
  });
  const metrics = createMetrics();
  const traces = config.traceEndpoint ? await openTraces(config.traceEndpoint, logger) : null;
  for (const each of [dataSource, checks]) traces?.follow(each);
  const redis = config.redisUrl ? connectRedis(config.redisUrl, logger) : null;

  const reader = createTokenReader({
    readMany: (ids) => readTokenSnapshots(checks, ids),
    statements: checkStatements,
  });
  const tokens = createTokenCache({ reader, maxEntries: config.tokenCacheEntries });
  const feed = startChangeFeed(checks, tokens, { logger, metrics });
  const bus = redis ? connectBus(redis, (change) => applyChange(tokens, change), logger) : noBus;
  const usage = createUsageRecorder({ dataSource, logger, metrics });
  const housekeeping = startHousekeeping({ dataSource, logger, now: () => app.now(), usageDays: config.usageDays });
  addGauges(metrics, tokens, bus);
  const headsFile = config.auditHeadsFile
    ? openHeadsFile({ dataSource, keyring, logger }, config.auditHeadsFile)
    : noHeadsFile;
  if (nodes) addNodeMetrics(metrics, nodes);
  addPoolGauges(metrics, dataSource, { prefix: "hallpass_database", whose: "requests" });
  addPoolGauges(metrics, checks, { prefix: "hallpass_check", whose: "checks" });

  const app: AppContext = {
    config,
    logger,
    dataSource,
    checks,
    keyring,
    tokens,
    usage,
    bus,
    headsFile,
    metrics,
    traces,
    addresses: createClientAddresses(config.trustProxy, logger),
    now: () => new Date(),
    report(error, reqId) {
      metrics.failures.inc();
      logger.error({ err: error, reqId }, "request failed");
    },
    announce(change) {
      applyChange(tokens, change);
      return bus.publish(change);
    },
    signInLimits: createSignInLimits(redis),
    signInQueue: createSignInQueue(() => {
      metrics.signIns.inc({ outcome: "busy" });
      return rateLimited("Too many people are signing in. Try again in a few seconds.", 3);
    }),
    logoQueue: createLogoQueue(() => rateLimited("Too many logos are being uploaded. Try again in a few seconds.", 3)),
    sessionQueue: createWorkQueue({
      ...sessionLookups,
      rejection: () => rateLimited("Too many concurrent requests. Try again in a few seconds.", 3),
    }),
    revealLimits: createRevealLimits(redis),
    buckets: createTokenBuckets(redis, config.tokenCacheEntries),
    revokeLimit: createRevokeLimit(redis),
    wholeTrailLimit: createRateLimit({ name: "whole-trail", attempts: 30, seconds: fiveMinutes }, redis),
    webhookTestLimit: createRateLimit({ name: "webhook-test", attempts: 20, seconds: fiveMinutes }, redis),
    async close() {
      await feed.close();
      await housekeeping.close();
      await usage.close();
      await headsFile.close();
      await bus.close();
      redis?.disconnect();
      // Close it before the writing connection, as the last connection to the embedded database cleans up its log.
      await checks.destroy();
      await dataSource.destroy();
      nodes?.close();
      await traces?.close();
    },
  };
  if (migrations.includes(SignedHeads1764200000000.name))
    await signExistingHeads(app).catch(async (error) => {
      await app.close();
      throw error;
    });
  return app;
}

/**
 * Migrates the schema, verifies that the keys are the ones this database was used with, then opens the connections for
 * checks.
 */
async function prepare(
  dataSource: DataSource,
  nodes: Nodes | null,
  config: Config,
  logger: Logger,
): Promise<{ keyring: Keyring; migrations: string[]; checks: DataSource }> {
  const migrations = await runMigrations(dataSource, logger);
  for (const trigger of await createMissingTriggers(dataSource))
    logger.warn(trigger, "a trigger that protects the audit trail is missing and could not be created");
  const keyring = openKeyring(config, await hasBeenUsed(dataSource), logger);
  await checkCanaries(dataSource, keyring);
  return { keyring, migrations, checks: await openCheckConnections(config, entities, nodes) };
}

/** For a database server only. The embedded database has a single connection. */
function addPoolGauges(
  metrics: Metrics,
  dataSource: DataSource,
  { prefix, whose }: { prefix: string; whose: string },
): void {
  const pool = poolOf(dataSource);
  if (!pool) return;
  const { _allConnections: open, _freeConnections: idle, _connectionQueue: waiting } = pool;
  gauge(metrics, `${prefix}_connections`, `Open connections of ${whose}.`, () => open.length);
  gauge(metrics, `${prefix}_connections_busy`, `Connections of ${whose} in use.`, () => open.length - idle.length);
  gauge(
    metrics,
    `${prefix}_connections_awaited`,
    `Statements of ${whose} waiting for a connection.`,
    () => waiting.length,
  );
}

function addNodeMetrics({ registry }: Metrics, nodes: Nodes): void {
  const labelNames = ["node"];
  new Gauge({
    name: "hallpass_database_node_in_use",
    help: "1 for the database node in use, 0 for the others.",
    labelNames,
    registers: [registry],
    collect() {
      for (const { node, isInUse } of nodes.states()) this.set({ node }, isInUse ? 1 : 0);
    },
  });
  new Counter({
    name: "hallpass_database_node_left_total",
    help: "How often this process left the node because it failed.",
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { node, left } of nodes.states()) this.inc({ node }, left);
    },
  });
}

function addGauges(metrics: Metrics, tokens: TokenCache, bus: ChangeBus): void {
  new Counter({
    name: "hallpass_token_cache_lookups_total",
    help: "Tokens looked up in the cache, by result: hit or miss.",
    labelNames: ["result"],
    registers: [metrics.registry],
    collect() {
      const { hits, misses } = tokens.statistics();
      this.reset();
      this.inc({ result: "hit" }, hits);
      this.inc({ result: "miss" }, misses);
    },
  });
  gauge(metrics, "hallpass_token_cache_entries", "Tokens in the cache.", () => tokens.statistics().entries);
  gauge(
    metrics,
    "hallpass_token_cache_hits",
    "Checks answered from the cache since the start.",
    () => tokens.statistics().hits,
  );
  gauge(
    metrics,
    "hallpass_token_cache_misses",
    "Checks not answered from the cache since the start.",
    () => tokens.statistics().misses,
  );
  gauge(
    metrics,
    "hallpass_change_feed_age_seconds",
    "Time since the change feed last looked for changes of other processes.",
    () => tokens.statistics().confirmedAgo / 1000,
  );
  gauge(
    metrics,
    "hallpass_bus_up",
    "1 if Redis carries changes, 0 if it is unavailable, -1 if none is configured.",
    () => ({ up: 1, down: 0, off: -1 })[bus.state()],
  );
}

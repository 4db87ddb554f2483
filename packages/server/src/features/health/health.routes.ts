import type { FastifyInstance } from "fastify";
import type { AppContext } from "../../context/app-context.js";
import { missingTriggers } from "../../db/triggers.js";
import { hasUnsignedHeads } from "../audit/heads/sign-heads.js";
import { hasAllKeys } from "../encryption-keys/needed-keys.js";

/** How long the database may take to respond before it counts as unavailable, in ms. */
const databaseTimeoutMs = 2_000;

/** For supervisors and monitoring: whether the process is alive, whether it can decide and write, and its metrics. */
export function healthRoutes(server: FastifyInstance, app: AppContext): void {
  server.get("/healthz", (_request, reply) => reply.header("Cache-Control", "no-store").send({ status: "ok" }));

  server.get("/readyz", async (_request, reply) => {
    const database = await databaseState(app);
    const redis = app.bus.state();
    const keys = database === "down" ? "unknown" : (await hasAllKeys(app)) ? "ok" : "missing";
    const details = database === "down" ? [] : await auditDetails(app);
    // Still worth sending requests to: without Redis, checks stay within the bound. Without a key, only reveals fail.
    // Without writes, only changes fail.
    const isDegraded =
      redis === "down" ||
      keys === "missing" ||
      database === "read-only" ||
      !app.usage.isWritten() ||
      details.length > 0;
    const status = database === "down" ? "unavailable" : isDegraded ? "degraded" : "ok";
    return (
      reply
        .code(status === "unavailable" ? 503 : 200)
        .header("Cache-Control", "no-store")
        // `proxy` does not affect the status: anyone can send the header that makes it "untrusted".
        .send({ status, database, redis, keys, proxy: app.addresses.proxy(), details })
    );
  });

  server.get("/metrics", async (_request, reply) => {
    const { registry } = app.metrics;
    return reply
      .header("Content-Type", registry.contentType)
      .header("Cache-Control", "no-store")
      .send(await registry.metrics());
  });
}

/** Problems with the proof of the audit trail, for operators. */
async function auditDetails(app: AppContext): Promise<string[]> {
  const details: string[] = [];
  const missing = await missingTriggers(app.dataSource);
  if (missing.length > 0)
    details.push(
      `Triggers that protect the audit trail are missing: ${missing.join(", ")}. Run 'migrate' as a user who may create them.`,
    );
  if (await hasUnsignedHeads(app))
    details.push("A trail head is unsigned. Run 'audit verify', and 'audit sign' if the trail is intact.");
  if (app.headsFile.state() === "failing")
    details.push("Audit heads cannot be saved to HALLPASS_AUDIT_HEADS_FILE. See the log.");
  return details;
}

/** "read-only" if it rejects a change that would change nothing. */
async function databaseState(app: AppContext): Promise<"up" | "read-only" | "down"> {
  if (!(await answers(app, "SELECT 1"))) return "down";
  return (await answers(app, "UPDATE audit_head SET sequence = sequence WHERE account_id = ''")) ? "up" : "read-only";
}

async function answers(app: AppContext, statement: string): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The database does not respond.")), databaseTimeoutMs);
  });
  try {
    await Promise.race([app.dataSource.query(statement), late]);
    return true;
  } catch (error) {
    app.logger.warn({ err: error }, "not ready");
    return false;
  } finally {
    clearTimeout(timer);
  }
}

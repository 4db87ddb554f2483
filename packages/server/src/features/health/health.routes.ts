import type { FastifyInstance } from "fastify";
import type { AppContext } from "../../app-context.js";

/** For whoever starts and watches the process: is it alive, and can it decide and write? */
export function healthRoutes(server: FastifyInstance, app: AppContext): void {
  server.get("/healthz", async (_request, reply) => {
    return reply.header("Cache-Control", "no-store").send({ status: "ok" });
  });
  server.get("/readyz", async (_request, reply) => {
    reply.header("Cache-Control", "no-store");
    try {
      await app.dataSource.query("SELECT 1");
      return reply.send({ status: "ok", database: "ok" });
    } catch (error) {
      app.logger.warn({ err: error }, "not ready");
      return reply.code(503).send({ status: "unavailable", database: "unavailable" });
    }
  });
}

import type { FastifyInstance } from "fastify";
import type { AppContext } from "../../context/app-context.js";
import { callContext } from "../../context/request-context.js";
import { assertAllowed } from "../../graphql/allow.js";
import { contextOf } from "../callers/request-caller.js";
import { type ExportFormat, exportAuditTrail, exportFormats } from "./export-audit-trail.js";

/** The account's trail as a file, for callers who may read it. */
export function exportRoutes(server: FastifyInstance, app: AppContext): void {
  for (const [format, type] of Object.entries(exportFormats) as [ExportFormat, string][])
    server.get(`/exports/audit-trail.${format}`, { exposeHeadRoute: false }, async (request, reply) => {
      const context = await contextOf(app, request, reply);
      assertAllowed(context.caller, "auditTrail:read");
      const call = callContext(context);
      const trail = await exportAuditTrail(call, format);
      return reply
        .headers({
          "Content-Type": type,
          "Content-Disposition": `attachment; filename="audit-trail-${call.caller.account.id}.${format}"`,
          "Cache-Control": "no-store",
        })
        .send(trail);
    });
}

import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { AppContext } from "../../context/app-context.js";
import { callContext } from "../../context/request-context.js";
import { badInput } from "../../core/errors.js";
import { assertAllowed } from "../../graphql/allow.js";
import { contextOf } from "../callers/request-caller.js";
import { type ExportFormat, exportAuditTrail, exportFormats } from "./export-audit-trail.js";
import type { AuditRecordCondition } from "./list-audit-records.js";

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const list = z.union([z.array(z.string()), z.string().transform((one) => [one])]);

/** `?objectId=TKN-…&actorId=USR-…&event=api_token.disabled&from=…&to=…`. All but the times can be repeated. */
const parameters = z.strictObject({
  objectId: list.optional(),
  actorId: list.optional(),
  event: list.optional(),
  from: moment.optional(),
  to: moment.optional(),
});

function conditionOf(query: unknown): AuditRecordCondition {
  const parsed = parameters.safeParse(query);
  if (!parsed.success)
    throw badInput("Filter the export with objectId, actorId and event, and with from and to as RFC 3339 times.");
  const { objectId, actorId, event, from, to } = parsed.data;
  return {
    ...(objectId && { objectIds: objectId }),
    ...(actorId && { actorIds: actorId }),
    ...(event && { events: event }),
    ...((from || to) && { at: { ...(from && { from }), ...(to && { to }) } }),
  };
}

/** Exports the account's trail, in full or filtered, for callers with permission to read it. */
export function exportRoutes(server: FastifyInstance, app: AppContext): void {
  for (const [format, type] of Object.entries(exportFormats) as [ExportFormat, string][])
    server.get(`/exports/audit-trail.${format}`, { exposeHeadRoute: false }, async (request, reply) => {
      const context = await contextOf(app, request, reply);
      assertAllowed(context.caller, "auditTrail:read");
      const call = callContext(context);
      const trail = await exportAuditTrail(call, format, conditionOf(request.query));
      return reply
        .headers({
          "Content-Type": type,
          "Content-Disposition": `attachment; filename="audit-trail-${call.caller.account.id}.${format}"`,
          "Cache-Control": "no-store",
        })
        .send(trail);
    });
}

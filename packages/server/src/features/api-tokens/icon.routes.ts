import { can } from "@hallpass/shared";
import type { FastifyInstance } from "fastify";
import type { AppContext } from "../../app-context.js";
import { unauthenticated } from "../../errors.js";
import { problem, sendProblem } from "../../problem.js";
import { contextOf } from "../../request-caller.js";
import { callContext } from "../../request-context.js";
import { ApiTokenIconEntity } from "./api-token.entity.js";
import { findApiToken } from "./api-tokens.service.js";

/** The logo, for callers who may see the token; for others there is none. */
export function iconRoutes(server: FastifyInstance, app: AppContext): void {
  server.get<{ Params: { id: string } }>("/icons/:id", async (request, reply) => {
    const context = await contextOf(app, request, reply);
    if (!context.caller) throw unauthenticated();
    const token = can(context.caller, "apiToken:read")
      ? await findApiToken(callContext(context), request.params.id)
      : null;
    const icon = token && (await app.dataSource.manager.findOneBy(ApiTokenIconEntity, { tokenId: token.id }));
    if (!icon) return sendProblem(reply, problem(404, "There is no such logo."));
    // The address changes with the picture; who is signed in decides who may have it.
    return reply
      .headers({ "Content-Type": "image/png", "Cache-Control": "private, max-age=300", Vary: "Cookie, Authorization" })
      .send(icon.png);
  });
}

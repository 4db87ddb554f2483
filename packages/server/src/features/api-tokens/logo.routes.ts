import { accountHeader, can } from "@hallpass/shared";
import type { FastifyInstance } from "fastify";
import { In } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { AuthenticatedCaller } from "../../core/caller-types.js";
import { unauthenticated } from "../../core/errors.js";
import { problem, sendProblem } from "../../http/problem.js";
import { callersOf } from "../callers/request-caller.js";
import { ApiTokenEntity, ApiTokenLogoEntity } from "./api-token.entity.js";
import { canSee } from "./visibility.js";

/**
 * The logo, for callers who may see the token, including users in any of their accounts. Others get 404, or 401 without
 * a caller.
 */
export function logoRoutes(server: FastifyInstance, app: AppContext): void {
  server.get<{ Params: { id: string } }>("/icons/:id", async (request, reply) => {
    const callers = await callersOf(app, request);
    if (callers.length === 0) throw unauthenticated();
    const readers = callers.filter((caller) => can(caller, "apiToken:read"));
    const logo = await findLogo(app, readers, request.params.id);
    if (!logo) return sendProblem(reply, problem(404, "Logo not found."));
    // The URL changes with the image. The caller determines who may have it.
    return reply
      .headers({
        "Content-Type": "image/png",
        "Cache-Control": "private, max-age=300",
        Vary: `Cookie, Authorization, ${accountHeader}`,
      })
      .send(logo.png);
  });
}

/** The logo of a token that one of the readers may see. */
async function findLogo({ dataSource: { manager } }: AppContext, readers: AuthenticatedCaller[], id: string) {
  const accountId = In(readers.map(({ account }) => account.id));
  const token = await manager.findOneBy(ApiTokenEntity, { id, accountId });
  // MariaDB ignores trailing spaces when comparing IDs.
  if (token?.id !== id || !readers.some((reader) => canSee(reader, token))) return null;
  return manager.findOneBy(ApiTokenLogoEntity, { tokenId: id });
}

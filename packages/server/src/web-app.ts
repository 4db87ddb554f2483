import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import statics from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AppContext } from "./app-context.js";
import { problem, sendProblem } from "./problem.js";

const webApp = fileURLToPath(new URL("../../web/dist", import.meta.url));

/** The single-page app: its files, and its page for every path that is a page of it. */
export async function webAppRoutes(server: FastifyInstance): Promise<void> {
  const notFound = (_request: FastifyRequest, reply: FastifyReply) =>
    sendProblem(reply, problem(404, "There is nothing at this address."));
  if (!existsSync(webApp)) {
    server.setNotFoundHandler(notFound);
    return;
  }
  await server.register(statics, {
    root: webApp,
    index: false,
    wildcard: false,
    setHeaders(reply, path) {
      // The build puts a hash of the content into the names of what is in assets.
      reply.header("Cache-Control", path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  server.get("/graphiql", (_request, reply) => reply.sendFile("graphiql.html"));
  server.setNotFoundHandler((request, reply) => {
    const isPage =
      ["GET", "HEAD"].includes(request.method) &&
      /^\/(sign-in|settings(\/|$)|$)/.test(request.url.split("?", 1)[0] ?? "");
    return isPage ? reply.sendFile("index.html") : notFound(request, reply);
  });
}

/** What a browser is to hold our pages to. */
export function pageHeaders(app: AppContext) {
  const secure = app.config.publicUrl.protocol === "https:";
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Mantine sets the style attribute, and style elements for its variables.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'", "blob:"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    hsts: secure && { maxAge: 31_536_000 },
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
  } as const;
}

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import statics from "@fastify/static";
import type { FastifyInstance } from "fastify";
import type { Config } from "../infra/config.js";

const webApp = fileURLToPath(new URL("../../../web/dist", import.meta.url));

/** The paths that are pages of the single-page app, which shows the right one by itself. */
const pages = ["/", "/sign-in", "/settings", "/settings/*"];

/** The app's files, and its page for every path that is one of it. Without a build there is only the API. */
export async function webAppRoutes(server: FastifyInstance, config: Config): Promise<void> {
  if (!existsSync(webApp)) return;
  await server.register(statics, {
    root: webApp,
    index: false,
    allowedPath: (path) => config.explorer || path !== "/graphiql.html",
    setHeaders(reply, path) {
      // The build puts a hash of the content into the names of what is in assets.
      reply.header("Cache-Control", path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  for (const page of pages) server.get(page, (_request, reply) => reply.sendFile("index.html"));
  if (config.explorer) server.get("/graphiql", (_request, reply) => reply.sendFile("graphiql.html"));
}

/** What a browser is to hold our pages to. */
export function pageHeaders(config: Config) {
  const secure = config.publicUrl.protocol === "https:";
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
        // Text becomes neither a script nor markup, but for what the web app's one policy lets pass.
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ["default"],
      },
    },
    hsts: secure && { maxAge: 31_536_000 },
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
  } as const;
}

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import statics from "@fastify/static";
import type { FastifyInstance } from "fastify";
import type { Config } from "../infra/config.js";

const webApp = fileURLToPath(new URL("../../../web/dist", import.meta.url));

/** Paths of pages of the single-page app, which routes them itself. */
const pages = ["/", "/sign-in", "/settings", "/settings/*", "/ACC-*"];

/** Serves the app's files, and its page for each of its paths. Without a build, there is only the API. */
export async function webAppRoutes(server: FastifyInstance, config: Config): Promise<void> {
  if (!existsSync(webApp)) return;
  await server.register(statics, {
    root: webApp,
    index: false,
    preCompressed: true,
    // The ETag says the same, and no file is read in parts.
    lastModified: false,
    acceptRanges: false,
    allowedPath: (path) => config.explorer || !path.startsWith("/graphiql.html"),
    setHeaders(reply, path) {
      // File names in assets contain a hash of the content.
      const isAsset = path.includes("/assets/");
      reply.header("Cache-Control", isAsset ? "public, max-age=31536000, immutable" : "no-cache");
      // They are a kilobyte, and apply to documents and workers only.
      if (isAsset && !path.includes("worker")) for (const name of documentHeaders) reply.removeHeader(name);
    },
  });
  for (const page of pages) server.get(page, (_request, reply) => reply.sendFile("index.html"));
  if (config.explorer) server.get("/graphiql", (_request, reply) => reply.sendFile("graphiql.html"));
}

export const hstsSeconds = 31_536_000;

const documentHeaders = [
  "Content-Security-Policy",
  "Cross-Origin-Opener-Policy",
  "Origin-Agent-Cluster",
  "Referrer-Policy",
  "X-DNS-Prefetch-Control",
  "X-Download-Options",
  "X-Frame-Options",
  "X-Permitted-Cross-Domain-Policies",
  "X-XSS-Protection",
];

/** Security headers for our pages. */
export function pageHeaders(config: Config) {
  const secure = config.publicUrl.protocol === "https:";
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Mantine uses the style attribute, and style elements for its variables.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'", "blob:"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        // Text becomes neither script nor markup, unless the web app's one policy allows it.
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ["default"],
      },
    },
    hsts: secure && { maxAge: hstsSeconds },
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
  } as const;
}

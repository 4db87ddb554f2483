import type { Server } from "node:http";
import { Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How long idle connections stay open, in ms: a gateway may be about to send a request on one. */
const idleMs = 2_000;
/** After this long, requests still in progress are aborted, in ms. */
const requestsMs = 7_000;

/**
 * Stops a server without failing a request that a gateway has sent or is sending. New connections are rejected at once,
 * whereupon a gateway goes elsewhere. Open connections are served as before, now with `Connection: close`. Node's own
 * close would end them while requests are on their way, and Fastify's would respond with 503.
 */
export async function drain(server: Server): Promise<void> {
  // Accept connections that have already arrived. They would be reset.
  await new Promise(setImmediate);
  const ended = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  const limit = setTimeout(() => server.closeAllConnections(), requestsMs);
  await Promise.race([ended, sleep(idleMs, undefined, { ref: false })]);
  server.closeIdleConnections();
  await ended;
  clearTimeout(limit);
}

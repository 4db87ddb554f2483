import type { Server } from "node:http";
import { Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** For how long connections that are idle stay open: a gateway may be about to send a request on one, in ms. */
const idleMs = 2_000;
/** After so long, requests that are still under way are cut off, in ms. */
const requestsMs = 7_000;

/**
 * Ends a server without failing a request that a gateway has sent or is sending. New connections are refused at once, which
 * a gateway answers by going elsewhere. Those that are open are answered as before, now with `Connection: close`; Node's own
 * close would end them while requests are on their way, and Fastify's would answer 503.
 */
export async function drain(server: Server): Promise<void> {
  // What has come in until now is accepted first: it would be reset.
  await new Promise(setImmediate);
  const ended = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  const limit = setTimeout(() => server.closeAllConnections(), requestsMs);
  await Promise.race([ended, sleep(idleMs, undefined, { ref: false })]);
  server.closeIdleConnections();
  await ended;
  clearTimeout(limit);
}

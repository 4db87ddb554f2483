import { randomUUID } from "node:crypto";
import type { Change } from "@hallpass/shared/check";
import type { Redis } from "ioredis";
import type { Logger } from "pino";

/** Notifies other processes of changes at once. Without it, or if it fails, they notice changes by themselves. */
export interface ChangeBus {
  /** Resolves once the message is sent, or after a moment if it cannot be. Never throws. */
  publish(change: Change): Promise<void>;
  /** "off" if no bus is configured. */
  state(): "off" | "up" | "down";
  close(): Promise<void>;
}

export const noBus: ChangeBus = { publish: async () => {}, state: () => "off", close: async () => {} };

const channel = "hallpass:changes";
/**
 * How often both connections are pinged, in ms. An unresponsive Redis, or one whose host is down, closes no connection.
 */
const heartbeatMs = 1_000;

/** Uses Redis' publish and subscribe. Redis may come and go: nothing waits for it and nothing relies on it. */
export function connectBus(publisher: Redis, receive: (change: Change) => void, logger: Logger): ChangeBus {
  const sender = randomUUID();
  // ioredis would resubscribe by itself, but does not report a failure: the connection would be up, but receive
  // nothing.
  const subscriber = publisher.duplicate({ autoResubscribe: false, autoResendUnfulfilledCommands: false });
  let isSubscribed = false;
  subscriber.on("error", () => {});
  subscriber.on("close", () => {
    isSubscribed = false;
  });
  subscriber.on("ready", () => {
    subscriber.subscribe(channel).then(
      () => {
        isSubscribed = true;
      },
      () => subscriber.disconnect(true),
    );
  });
  subscriber.on("message", (_channel, text) => {
    const message = parse(text);
    if (message && message.sender !== sender) receive(message);
  });
  const heartbeat = setInterval(() => {
    for (const each of [publisher, subscriber]) if (each.status === "ready") each.ping().catch(() => {});
  }, heartbeatMs).unref();

  return {
    async publish(change) {
      try {
        await publisher.publish(channel, JSON.stringify({ sender, ...change }));
      } catch (error) {
        logger.warn({ err: error }, "a change was not published; other processes notice it within the bound");
      }
    },
    state: () => (publisher.status === "ready" && isSubscribed ? "up" : "down"),
    async close() {
      clearInterval(heartbeat);
      subscriber.disconnect();
    },
  };
}

function parse(text: string): (Change & { sender: string }) | null {
  try {
    const { sender, accountId, objectId } = JSON.parse(text);
    return typeof accountId === "string" && typeof objectId === "string" ? { sender, accountId, objectId } : null;
  } catch {
    return null;
  }
}

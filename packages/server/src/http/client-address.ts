import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyAddress from "@fastify/proxy-addr";
import ipaddr from "ipaddr.js";
import type { Logger } from "pino";

/** Client IP addresses, as far as TRUST_PROXY makes them known. */
export interface ClientAddresses {
  /**
   * The peer's IP address, or the client's as a trusted proxy names it in X-Forwarded-For, read from the right. Null if
   * it is not a valid IP address.
   */
  of(request: IncomingMessage): string | null;
  /**
   * Whether `of` returns a proxy's IP address, or none, instead of the client's own. Everyone behind the proxy has the
   * same.
   */
  isShared(request: IncomingMessage): boolean;
  /**
   * "untrusted" if, since the start, a peer that TRUST_PROXY does not list has sent X-Forwarded-For or Forwarded. It is
   * either a proxy missing there, or anyone who sends such a header.
   */
  proxy(): "ok" | "untrusted";
}

export function createClientAddresses(trusted: string[], logger: Logger): ClientAddresses {
  const isTrusted = proxyAddress.compile(trusted);
  let sawUntrusted = false;

  /** `ip` is the result of the proxies' headers: the peer's own unless the peer is trusted. */
  const isUntrustedProxy = ({ headers, socket }: IncomingMessage, ip: string | undefined): boolean =>
    (headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined) &&
    ip === socket.remoteAddress &&
    !(ip !== undefined && isTrusted(ip, 0));

  function ipOf(request: IncomingMessage): string | undefined {
    const peer = request.socket.remoteAddress;
    const ip = trusted.length === 0 || peer === undefined ? peer : proxyAddress(request, isTrusted);
    if (!sawUntrusted && isUntrustedProxy(request, ip)) {
      // Only once, as anyone can send the header and fill the log.
      sawUntrusted = true;
      logger.warn({ peer }, "a peer sends X-Forwarded-For or Forwarded; if it is your proxy, add it to TRUST_PROXY");
    }
    return ip;
  }

  return {
    of: (request) => validIp(ipOf(request)),
    isShared(request) {
      const ip = ipOf(request);
      return validIp(ip) === null || isUntrustedProxy(request, ip) || isTrusted(ip ?? "", 0);
    },
    proxy: () => (sawUntrusted ? "untrusted" : "ok"),
  };
}

/** A valid IP address to store, or null: a proxy can forward any text. */
function validIp(ip: string | undefined): string | null {
  return ip !== undefined && isIP(ip) !== 0 ? ip.slice(0, 45) : null;
}

/**
 * The network that limits count by. Anyone with one IPv6 address has the 2^64 of its network. IPv4-mapped IPv6 counts
 * as IPv4. Empty if the IP address is not known.
 */
export function networkOf(ip: string | null): string {
  if (ip === null || !ipaddr.isValid(ip)) return "";
  const parsed = ipaddr.process(ip);
  return parsed instanceof ipaddr.IPv6
    ? `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0])}/64`
    : `${parsed}`;
}

/** The user agent as it may be stored and shown: without control characters. */
export function userAgentOf({ headers }: Pick<IncomingMessage, "headers">): string | null {
  return headers["user-agent"]?.replace(/\p{Cc}/gu, "") ?? null;
}

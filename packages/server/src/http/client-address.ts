import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyAddress from "@fastify/proxy-addr";
import ipaddr from "ipaddr.js";
import type { Logger } from "pino";

/** Where requests come from, as far as TRUST_PROXY lets that be known. */
export interface ClientAddresses {
  /** The peer, or the client a trusted proxy names: X-Forwarded-For, read from the right. Null: that is no IP address. */
  of(request: IncomingMessage): string | null;
  /** Whether `of` gives no client's own address, but a proxy's or none: everyone behind it has the same. */
  isShared(request: IncomingMessage): boolean;
  /**
   * "untrusted": since the start, a peer that TRUST_PROXY does not list has sent X-Forwarded-For or Forwarded. It is a
   * proxy that is missing there, or anyone who sends such a header.
   */
  proxy(): "ok" | "untrusted";
}

export function createClientAddresses(trusted: string[], logger: Logger): ClientAddresses {
  const isTrusted = proxyAddress.compile(trusted);
  let sawUntrusted = false;

  /** `address` is what the proxies' headers give: the peer's own unless the peer is trusted. */
  const isUntrustedProxy = ({ headers, socket }: IncomingMessage, address: string | undefined): boolean =>
    (headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined) &&
    address === socket.remoteAddress &&
    !(address !== undefined && isTrusted(address, 0));

  function addressOf(request: IncomingMessage): string | undefined {
    const peer = request.socket.remoteAddress;
    const address = trusted.length === 0 || peer === undefined ? peer : proxyAddress(request, isTrusted);
    if (!sawUntrusted && isUntrustedProxy(request, address)) {
      // Once, as anyone can send the header and fill the log.
      sawUntrusted = true;
      logger.warn({ peer }, "a peer sends X-Forwarded-For or Forwarded; if it is your proxy, add it to TRUST_PROXY");
    }
    return address;
  }

  return {
    of: (request) => knownAddress(addressOf(request)),
    isShared(request) {
      const address = addressOf(request);
      return knownAddress(address) === null || isUntrustedProxy(request, address) || isTrusted(address ?? "", 0);
    },
    proxy: () => (sawUntrusted ? "untrusted" : "ok"),
  };
}

/** An address as it may be stored: what a proxy forwards can be any text. */
function knownAddress(address: string | undefined): string | null {
  return address !== undefined && isIP(address) !== 0 ? address.slice(0, 45) : null;
}

/** What limits count: whoever has one address of IPv6 has the 2^64 of its network. IPv4 within IPv6 is IPv4. */
export function networkOf(address: string | null): string {
  if (address === null || !ipaddr.isValid(address)) return "";
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0])}/64`
    : `${parsed}`;
}

/** The program that asks, by its own account, as it may be stored and shown. */
export function userAgentOf({ headers }: Pick<IncomingMessage, "headers">): string | null {
  return headers["user-agent"]?.replace(/\p{Cc}/gu, "") ?? null;
}

import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** An address as it may be stored: what a proxy forwards can be any text. */
export function knownAddress(address: string | undefined): string | null {
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

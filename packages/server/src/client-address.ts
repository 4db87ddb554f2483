import { isIP } from "node:net";

/** An address as it may be stored: what a proxy forwards can be any text. */
export function knownAddress(address: string | undefined): string | null {
  return address !== undefined && isIP(address) !== 0 ? address.slice(0, 45) : null;
}

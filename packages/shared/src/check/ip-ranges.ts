import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Address and number of leading bits. */
type Cidr = [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * The canonical CIDR of an IPv4 or IPv6 address or CIDR, e.g. 203.0.113.0/24. Throws an Error with a message for people
 * if it is neither, or if bits beyond the prefix are set, which is most likely a typing mistake.
 */
export function parseIpRange(text: string): string {
  const [address = "", bits, ...rest] = text.split("/");
  const family = address.includes("%") ? 0 : isIP(address);
  const width = family === 6 ? 128 : 32;
  const length = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (family === 0 || rest.length > 0 || !(length <= width))
    throw new Error(`'${text}' is not an IP address or a CIDR such as 203.0.113.0/24.`);
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress())
    throw new Error(`Write '${text}' as an IPv4 address.`);
  const written = `${parsed}/${length}`;
  const network =
    family === 6 ? ipaddr.IPv6.networkAddressFromCIDR(written) : ipaddr.IPv4.networkAddressFromCIDR(written);
  const canonical = `${network}/${length}`;
  if (canonical !== written) throw new Error(`'${text}' is not the start of a range. Did you mean ${canonical}?`);
  return canonical;
}

/** Tells whether an IP address is in one of these canonical CIDRs. One that is not known is in none. */
export function createIpFilter(ranges: readonly string[]): (ip: string | null) => boolean {
  const parsed = ranges.map(cidrOf);
  return (ip) => {
    if (ip === null || !ipaddr.isValid(ip)) return false;
    // IPv4-mapped IPv6 counts as IPv4.
    const address = ipaddr.process(ip);
    return parsed.some((range) => isIn(address, range));
  };
}

/** Whether every address of the canonical CIDR is in one of the others. */
export function isWithinRanges(range: string, others: readonly string[]): boolean {
  const [address, bits] = cidrOf(range);
  return others.map(cidrOf).some((other) => bits >= other[1] && isIn(address, other));
}

const cidrOf = (range: string): Cidr => ipaddr.parseCIDR(range);

const isIn = (address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Cidr): boolean =>
  address.kind() === network.kind() && address.match(network as never, bits);

import fc from "fast-check";
import {
  base62,
  checksumOf,
  formatTokenValue,
  maskTokenValue,
  parseTokenValue,
  searchTermOf,
  tokenValuePattern,
} from "./index.js";

/** CRC-32 (IEEE) of ASCII, bit by bit: a reference to compare the implementation with. */
function crc32(text: string): number {
  let crc = ~0;
  for (const character of text) {
    crc ^= character.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const fromBase62 = (text: string) => [...text].reduce((sum, digit) => sum * 62 + base62.indexOf(digit), 0);

const secret = fc.stringMatching(/^[0-9A-Za-z]{32}$/);
const tokenId = fc.stringMatching(/^TKN-[0-9]{4}-[0-9]{4}(-[0-9]{4}){0,3}$/);

describe("Checksum", () => {
  test("The checksum is the standard CRC-32, cbf43926 for 123456789", () => {
    expect(crc32("123456789")).toBe(0xcbf43926);
    expect(fromBase62(checksumOf("123456789"))).toBe(0xcbf43926);
    expect(checksumOf("123456789")).toBe("3jZRME");
  });

  test("The checksum is padded with zeros to six characters", () => {
    expect(checksumOf("")).toBe("000000");
  });

  test("The checksum matches the bitwise reference for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
        expect(checksumOf(text)).toMatch(/^[0-9A-Za-z]{6}$/);
        expect(fromBase62(checksumOf(text))).toBe(crc32(text));
      }),
    );
  });
});

describe("Token values", () => {
  test("A value consists of hp_, the ID’s digits, the secret and the checksum", () => {
    const value = formatTokenValue("TKN-1234-5678", "a".repeat(32));
    expect(value).toBe(`hp_12345678_${"a".repeat(32)}${checksumOf(`hp_12345678_${"a".repeat(32)}`)}`);
  });

  test("A value contains its token’s ID", () => {
    fc.assert(
      fc.property(tokenId, secret, (id, random) => {
        const value = formatTokenValue(id, random);
        expect(value).toMatch(tokenValuePattern);
        expect(parseTokenValue(value)).toEqual({ tokenId: id });
      }),
    );
  });

  test("A random value with one altered character is rejected", () => {
    const change = fc.record({ id: tokenId, random: secret, at: fc.nat(), to: fc.constantFrom(...base62) });
    fc.assert(
      fc.property(change, ({ id, random, at, to }) => {
        const value = formatTokenValue(id, random);
        const place = at % value.length;
        const changed = value.slice(0, place) + to + value.slice(place + 1);
        if (changed !== value) expect(parseTokenValue(changed)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  // A 32-bit CRC detects every change within 32 consecutive bits, and so every change of one character or of two
  // adjacent ones. Of any other text in the shape of a value, one in 62^6, or 57,000,000,000, is valid by chance.
  test("Every change of one character and every swap of two neighbours is rejected", () => {
    const value = formatTokenValue("TKN-1234-5678", "Ab1".repeat(10).padEnd(32, "z"));
    for (let at = 0; at < value.length; at++) {
      for (const to of base62)
        if (value[at] !== to) expect(parseTokenValue(value.slice(0, at) + to + value.slice(at + 1))).toBeNull();
      const swapped =
        value.slice(0, at) +
        value
          .slice(at, at + 2)
          .split("")
          .reverse()
          .join("") +
        value.slice(at + 2);
      if (swapped !== value) expect(parseTokenValue(swapped)).toBeNull();
    }
  });

  test("Any other text is rejected without an exception", () => {
    const bytes = fc.uint8Array().map((each) => String.fromCharCode(...each));
    const any = fc.oneof(
      fc.string({ unit: "binary" }),
      bytes,
      secret.map((text) => `hp_12345678_${text}000000`),
    );
    fc.assert(
      fc.property(any, (text) => expect(parseTokenValue(text)).toBeNull()),
      { numRuns: 500 },
    );
  });

  test.each([
    (value: string) => ` ${value}`,
    (value: string) => `${value}\n`,
    (value: string) => value.slice(0, -1),
    (value: string) => `${value}0`,
    (value: string) => value.toUpperCase(),
    (value: string) => value.replace("hp_", "gh_"),
  ])("A value altered by %s is rejected", (spoil) => {
    expect(parseTokenValue(spoil(formatTokenValue("TKN-1234-5678", "Ab1".repeat(10).padEnd(32, "z"))))).toBeNull();
  });

  test("A masked value shows the ID’s digits and no secret", () => {
    expect(maskTokenValue("TKN-1234-5678")).toBe("hp_12345678_••••••••");
  });
});

describe("Search", () => {
  test("A search never contains a value, whole or in part, with or without text around it", () => {
    fc.assert(
      fc.property(tokenId, secret, fc.nat(38), (id, text, cut) => {
        const value = formatTokenValue(id, text).slice(0, -cut || undefined);
        expect(searchTermOf(value)).toBe(id);
        expect(searchTermOf(`Bearer ${value} `)).toBe(`Bearer ${id} `);
      }),
    );
  });

  test("The visible part of a value becomes an ID, and other text stays as it is", () => {
    expect(searchTermOf("hp_12345678")).toBe("TKN-1234-5678");
    expect(searchTermOf("hp_12345678_••••••••")).toBe("TKN-1234-5678");
    expect(searchTermOf("hp_123456")).toBe("TKN-1234-56");
    for (const name of ["hp_partner robot", "php_8_worker", "hp_8_printer", "the hp_8"])
      expect(searchTermOf(name)).toBe(name);
  });
});

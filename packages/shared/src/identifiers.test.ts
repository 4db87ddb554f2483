import fc from "fast-check";
import {
  formatIdentifier,
  type IdentifierKind,
  identifierDigits,
  identifierMaxLength,
  isIdentifier,
  parseIdentifier,
} from "./index.js";

const kind = fc.constantFrom<IdentifierKind>("token", "account", "user", "module");

describe("IDs", () => {
  test.each([
    ["token", "TKN-1234-5678"],
    ["account", "ACC-1234-5678"],
    ["user", "USR-1234-5678"],
    ["module", "MOD-1234"],
  ] as const)("An ID of kind %s has the format %s", (of, id) => {
    expect(isIdentifier(of, id)).toBe(true);
    expect(formatIdentifier(of, id.replace(/\D/g, ""))).toBe(id);
  });

  test("A formatted ID can be parsed, even with more groups of digits", () => {
    const digits = fc.integer({ min: 0, max: 3 }).chain((more) => fc.tuple(kind, fc.constant(more)));
    fc.assert(
      fc.property(digits, fc.infiniteStream(fc.integer({ min: 0, max: 9 })), ([of, more], stream) => {
        const length = identifierDigits(of) + more * 4;
        const text = [...stream.take(length)].join("");
        expect(parseIdentifier(formatIdentifier(of, text))).toEqual({ kind: of, digits: text });
      }),
    );
  });

  test.each([
    "",
    "TKN",
    "TKN-",
    "TKN-1234",
    "TKN-1234-567",
    "TKN-1234-56789",
    "TKN-1234-5678-",
    "TKN-12345678",
    "tkn-1234-5678",
    " TKN-1234-5678",
    "TKN-1234-5678\n",
    "TKN-1234-567८",
    "XYZ-1234-5678",
    "MOD-",
    "TKN-1234-5678-1234-1234-1234-1234",
  ])("The text %j is not an ID", (text) => {
    expect(parseIdentifier(text)).toBeNull();
  });

  test("A parsed ID formats to the same text", () => {
    const bytes = fc.uint8Array().map((each) => String.fromCharCode(...each));
    const alike = fc.stringMatching(/^(TKN|ACC|USR|MOD|AUD)?-?([0-9]{1,5}-?){0,6}\s?$/);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), bytes, alike), (text) => {
        const parsed = parseIdentifier(text);
        if (parsed) expect(formatIdentifier(parsed.kind, parsed.digits)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test("An ID of one kind is not an ID of another", () => {
    expect(isIdentifier("token", "ACC-1234-5678")).toBe(false);
    expect(isIdentifier("module", "TKN-1234-5678")).toBe(false);
  });

  test("A valid ID has up to 29 characters", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(TKN|ACC|USR|MOD)(-[0-9]{4}){1,7}$/), (text) => {
        if (parseIdentifier(text)) expect(text.length).toBeLessThanOrEqual(identifierMaxLength + 5);
      }),
    );
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatTokenValue } from "@hallpass/shared";
import { credentialOf, parseCredential } from "@hallpass/shared/check";
import fc from "fast-check";
import { printAuditHeads, verifyAuditTrails } from "../../src/commands/audit.js";
import { UserInputError } from "../../src/core/errors.js";
import { auditRecordId, parseAuditRecordId } from "../../src/features/audit-trail/audit-record.types.js";
import {
  type Platform,
  PlatformFileError,
  parsePlatform,
  readPlatformFile,
} from "../../src/features/platform/platform-file.js";
import { ConfigError, parseEncryptionKeys, readConfig } from "../../src/infra/config.js";
import { modules, testPlatform } from "../support/platform.js";
import { propertyRuns } from "../support/property-runs.js";
import { useServer } from "../support/test-server.js";

// Whatever its input, a parser accepts what is valid, rejects the rest and throws only the documented errors.

const runs = { numRuns: propertyRuns(200) };
jest.setTimeout(600_000);

const bytes = fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each).toString("latin1"));
const junk = fc.oneof(fc.string({ unit: "binary" }), bytes, fc.string({ unit: "grapheme" }));

const value = fc
  .tuple(fc.stringMatching(/^TKN-[0-9]{4}-[0-9]{4}$/), fc.stringMatching(/^[0-9A-Za-z]{32}$/))
  .map(([tokenId, secret]) => ({ tokenId, value: formatTokenValue(tokenId, secret) }));

/** The text with up to two characters replaced. */
const spoiled = (text: string) =>
  fc
    .tuple(fc.nat(text.length), fc.nat(2), fc.string({ unit: "binary", maxLength: 2 }))
    .map(([at, gone, put]) => text.slice(0, at) + put + text.slice(at + gone))
    .filter((each) => each !== text);

function outcomeOf<T>(work: () => T, ...expected: (new (...args: never[]) => Error)[]): T | null {
  try {
    return work();
  } catch (error) {
    if (!expected.some((type) => error instanceof type)) throw error;
    return null;
  }
}

describe("Credentials", () => {
  const request = (authorization: string, url = "/authorize") =>
    ({ url, headers: { authorization }, rawHeaders: ["Authorization", authorization] }) as unknown as IncomingMessage;

  test("A valid credential is parsed, with the scheme in any case and spaces around the value", () => {
    const scheme = fc.mixedCase(fc.constant("bearer"));
    const spaces = fc.integer({ min: 1, max: 5 }).map((count) => " ".repeat(count));
    const reads = fc.property(value, scheme, spaces, (made, bearer, space) => {
      const expected = { kind: "value", ...made };
      expect(credentialOf(request(`${bearer}${space}${made.value}${space}`))).toEqual(expected);
      expect(parseCredential(made.value)).toEqual(expected);
    });
    fc.assert(reads, runs);
  });

  test("A random or altered credential is malformed", () => {
    const header = fc.oneof(
      junk,
      junk.map((text) => `Bearer ${text}`),
      value.chain((made) => spoiled(made.value)).map((text) => `Bearer x${text}`),
      value
        .chain((made) => spoiled(made.value).filter((text) => text.trim() !== made.value))
        .map((text) => `Bearer ${text}`),
    );
    fc.assert(
      fc.property(header, (text) => expect(credentialOf(request(text)).kind).toBe("malformed")),
      runs,
    );
  });

  test("A credential is parsed beside any URL, unless the URL contains an access_token", () => {
    const reads = fc.property(value, junk, (made, address) => {
      const isInAddress = /[?&]access_token=/i.test(address);
      expect(credentialOf(request(`Bearer ${made.value}`, address)).kind).toBe(isInAddress ? "ambiguous" : "value");
    });
    fc.assert(reads, runs);
  });
});

describe("Audit record IDs", () => {
  const account = fc.stringMatching(/^ACC(-[0-9]{4}){2,4}$/);
  const sequence = fc.integer({ min: 1, max: 2_147_483_647 });

  test("A formatted ID can be parsed", () => {
    const reads = fc.property(account, sequence, (accountId, number) => {
      expect(parseAuditRecordId(auditRecordId(accountId, number))).toEqual({ accountId, sequence: number });
    });
    fc.assert(reads, runs);
  });

  test("A parsed ID formats to the same text", () => {
    const any = fc.oneof(
      junk,
      fc.stringMatching(/^AUD(-[0-9]{1,5}){1,5}$/),
      fc.tuple(account, sequence).chain(([accountId, number]) => spoiled(auditRecordId(accountId, number))),
    );
    const holds = fc.property(any, (text) => {
      const parsed = parseAuditRecordId(text);
      if (parsed) expect(auditRecordId(parsed.accountId, parsed.sequence)).toBe(text);
    });
    fc.assert(holds, runs);
  });
});

describe("Platform files", () => {
  const folder = mkdtempSync(join(tmpdir(), "hallpass-platform-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("Any content parses to a platform or throws a PlatformFileError", () => {
    const any = fc.oneof(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), fc.jsonValue());
    fc.assert(
      fc.property(any, (content) => void outcomeOf(() => parsePlatform(content), PlatformFileError)),
      runs,
    );
  });

  test("A file with any value in any field is rejected or parses to a stable platform", () => {
    const places = ["modules", "accounts", "users"] as const;
    const change = fc.record({
      list: fc.constantFrom(...places),
      key: fc.constantFrom("id", "name", "type", "modules", "email", "password", "roles", "__proto__", "constructor"),
      put: fc.oneof(fc.anything(), junk),
    });
    const holds = fc.property(change, ({ list, key, put }) => {
      const content = structuredClone(testPlatform()) as unknown as Record<string, Record<string, unknown>[]>;
      Object.defineProperty(content[list]?.[0], key, { value: put, enumerable: true });
      const read = outcomeOf<Platform>(() => parsePlatform(content), PlatformFileError);
      if (read) expect(parsePlatform(read)).toEqual(read);
    });
    fc.assert(holds, runs);
  });

  test("An ID longer than the database can store is rejected", () => {
    const withId = (id: string) => parsePlatform({ ...testPlatform(), modules: [{ id, name: "Long" }] });
    expect(() => withId("MOD-1234-1234-1234-1234-1234")).toThrow("modules.0.id: can be up to 24 characters");
    expect(() => withId("MOD-1234-1234-1234-1234")).not.toThrow(/characters/);
  });

  test("Any bytes are read as a platform or throw a PlatformFileError", () => {
    const yaml = fc.stringMatching(/^[a-z&*!|>%@`:\-[\]{},#?'"\n 0-9]{0,60}$/);
    const content = fc.oneof(fc.uint8Array(), junk, yaml, fc.json());
    const path = join(folder, "platform.yaml");
    const holds = fc.property(content, (text) => {
      writeFileSync(path, text);
      outcomeOf(() => readPlatformFile(path), PlatformFileError);
    });
    fc.assert(holds, runs);
  });
});

describe("Settings", () => {
  const keys = fc
    .uniqueArray(fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/), { minLength: 1, maxLength: 4 })
    .chain((ids) =>
      fc.tuple(...ids.map((id) => fc.uint8Array({ minLength: 32, maxLength: 32 }).map((key) => ({ id, key })))),
    )
    .map((each) => each.map(({ id, key }) => ({ id, key: Buffer.from(key) })));
  const written = (made: { id: string; key: Buffer }[]) =>
    made.map(({ id, key }) => `${id}:${key.toString("base64")}`).join(",");

  test("Formatted encryption keys can be parsed", () => {
    fc.assert(
      fc.property(keys, (made) => expect(parseEncryptionKeys(written(made))).toEqual(made)),
      runs,
    );
  });

  test("Any other text for encryption keys is rejected or parsed exactly", () => {
    const any = fc.oneof(
      junk,
      keys.chain((made) => spoiled(written(made))),
    );
    const holds = fc.property(any, (text) => {
      const read = outcomeOf(() => parseEncryptionKeys(text), Error);
      const said = text.split(",").map((each) => each.trim());
      if (read)
        expect(written(read)).toBe(
          said
            .filter(Boolean)
            .map((each) => each.split(":", 2).join(":"))
            .join(","),
        );
    });
    fc.assert(holds, runs);
  });

  test("Any text for a setting is accepted, or rejected with the setting’s name but not the text", () => {
    const name = fc.constantFrom(
      ...["HOST", "PORT", "DATABASE_URL", "HALLPASS_DATA_DIR", "HALLPASS_ENCRYPTION_KEYS", "REDIS_URL", "PUBLIC_URL"],
      ...["HALLPASS_ENCRYPTION_KEYS_FILE", "API_ENDPOINT", "HALLPASS_TOKEN_CACHE_ENTRIES", "LOG_LEVEL"],
    );
    const secret = "S3cr3tS3cr3tS3cr3t";
    const address = fc.tuple(fc.constantFrom("mysql", "mariadb", "redis", "https", "x"), junk, junk);
    const text = fc.oneof(
      junk,
      address.map(([scheme, user, rest]) => `${scheme}://${user}:${secret}@${rest}`),
      junk.map((each) => `${secret}${each}`),
      junk.map((each) => `k1:${secret}${each}`),
    );
    const holds = fc.property(name, text, (setting, held) => {
      try {
        readConfig({ [setting]: held });
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect((error as Error).message).toContain(setting);
        expect((error as Error).message).not.toContain(secret);
      }
    });
    fc.assert(holds, runs);
  });
});

describe("Authorization headers and saved heads", () => {
  const server = useServer();

  test("Introspection returns 400 or 401 for any invalid Authorization header", async () => {
    const admin = await server().as("operator");
    const verifier = await server().createToken({ moduleIds: [modules.tokenVerification] }, admin);
    const introspect = async (authorization: string) => {
      const answer = await server()
        .nobody()
        .fetch("/oauth2/introspect", {
          method: "POST",
          headers: { "Content-Type": "application/x-www-form-urlencoded", Authorization: authorization },
          body: "token=x",
        });
      return answer.status;
    };
    const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
    const good = `${verifier.id}:${verifier.value}`;
    expect(await introspect(basic(good))).toBe(200);
    const printable = fc.string({ unit: "grapheme-ascii" });
    const any = fc.oneof(
      printable,
      printable.map((text) => `Basic ${text}`),
      junk.map(basic),
      junk.map((text) => basic(`${verifier.id}:${text}`)),
      junk.map((text) => basic(`${text}x:${verifier.value}`)),
      spoiled(good)
        .filter((text) => !text.startsWith(`${good}:`))
        .map(basic),
    );
    const holds = fc.asyncProperty(any, async (header) => expect([400, 401]).toContain(await introspect(header)));
    await fc.assert(holds, runs);
  });

  /** A saved head without its key's ID. */
  const withoutKey = (line: string) => line.split(" ").toSpliced(3, 1).join(" ");

  test("A saved head verifies as 'audit head' printed it, and any other line fails", async () => {
    const printed: string[] = [];
    const log = jest.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
    try {
      await server().createToken();
      await printAuditHeads(server().app, {});
      const heads = printed.splice(0).filter((line) => !line.includes(" 0 "));
      expect(heads.length).toBeGreaterThan(1);
      expect(await verifyAuditTrails(server().app, { head: heads })).toBe(true);
      const [head = ""] = heads;
      const changed = fc.oneof(
        junk.filter((text) => text.trim() !== ""),
        // Replaces one character by a hexadecimal digit or X.
        fc
          .tuple(fc.nat(head.length - 1), fc.constantFrom(..."0123456789abcdefX"))
          .map(([at, to]) => head.slice(0, at) + to + head.slice(at + 1)),
      );
      const holds = fc.asyncProperty(
        // With a key that is not configured, a line is compared by its hash alone.
        changed.filter((line) => withoutKey(line) !== withoutKey(head)),
        async (line) => {
          const isGood = await verifyAuditTrails(server().app, { head: [line] }).catch((error) => {
            if (error instanceof UserInputError) return false;
            throw error;
          });
          expect(isGood).toBe(false);
        },
      );
      await fc.assert(holds, { numRuns: propertyRuns(60) });
    } finally {
      log.mockRestore();
    }
  });
});

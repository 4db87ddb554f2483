import { connect } from "node:net";
import fc from "fast-check";
import { modules } from "../support/platform.js";
import { propertyRuns } from "../support/property-runs.js";
import { useServer } from "../support/test-server.js";

jest.setTimeout(600_000);

const { catalogue, orders } = modules;

/** Where a token with only the catalogue is allowed: a second reading of the contract, independent of the code. */
const fulfilled = [
  `(\\?module=${catalogue}(&module=${catalogue})*)?`,
  `/modules/${catalogue}(,${catalogue})*([/?].*)?`,
  "/any([/?].*)?",
].map((form) => new RegExp(`^([hH][tT]{2}[pP][sS]?://[^/?#]+)?/authorize${form}$`, "s"));
const isFulfilled = (target: string) => fulfilled.some((form) => form.test(target));

const start = fc.constantFrom(
  ...Array<string>(6).fill("/authorize"),
  ...["/authorize/any", "/authorize/modules", "/authorize/modules/", `/authorize/modules/${orders}`, "/authorize?"],
  ...[`/authorize?module=${orders}`, "http://x/authorize", "HTTPS://x:1/authorize", "http:///authorize"],
  ...["//authorize", "/Authorize", "/%61uthorize", "/./authorize", "/x/../authorize", "/x/authorize", "/authorise"],
);
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      "/any",
      "/modules",
      "/modules/",
      "/",
      "//",
      "/..",
      "/.",
      "%2e%2e",
      "%2F",
      "\\",
      "?",
      "??",
      "#",
      "*",
      "%00",
      "%",
    ],
    ...["module=", "?module=", "&module=", "module", "modules=", "Module=", "module[]=", "module%5B%5D=", "%6dodule="],
    ...["&", ";", ",", "+", "=", "%2C", "%20", "%26", "access_token=x", ":", "@", "\xa0", "\xff"],
    ...[catalogue, catalogue, catalogue, orders, catalogue.toLowerCase(), "MOD-13", `${catalogue}-0000`, "MOD%2D1310"],
  ),
  fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 3 }),
);
const list = (before: string, between: string) =>
  fc
    .array(fc.constantFrom(catalogue, catalogue, catalogue, orders, ""), { minLength: 1, maxLength: 4 })
    .map((ids) => before + ids.join(between));
const target = fc.oneof(
  fc.tuple(start, fc.array(piece, { maxLength: 6 })).map(([first, pieces]) => first + pieces.join("")),
  fc
    .tuple(
      fc.oneof(list("/authorize?module=", "&module="), list("/authorize/modules/", ",")),
      fc.array(piece, { maxLength: 2 }),
    )
    .map(([first, pieces]) => first + pieces.join("")),
);

describe("Check requirements", () => {
  const server = useServer();

  /** Sends the target unchanged. HTTP clients would normalise it. */
  const statusOf = (requestTarget: string, value: string) =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(server().url);
      const socket = connect(Number(port), hostname);
      let answer = "";
      socket.on("data", (chunk) => {
        answer += chunk.toString("latin1");
      });
      socket.once("error", reject);
      socket.once("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])));
      const head = [`GET ${requestTarget} HTTP/1.1`, "Host: x", "Connection: close", `Authorization: Bearer ${value}`];
      socket.write(Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"));
    });

  test("A token is allowed only at request targets whose requirement it fulfils", async () => {
    const { value } = await server().createToken({ moduleIds: [catalogue] });
    const seen = { allowed: 0, denied: 0 };
    const holds = fc.asyncProperty(target, async (each) => {
      const status = await statusOf(each, value);
      expect([200, 400, 403, 404]).toContain(status);
      // HTTP allows only visible ASCII in a request target.
      if (isFulfilled(each) && /^[!-~]+$/.test(each)) expect(status).toBe(200);
      else if (!isFulfilled(each)) expect(status).not.toBe(200);
      seen[status === 200 ? "allowed" : "denied"]++;
    });
    await fc.assert(holds, {
      numRuns: propertyRuns(500),
      examples: [
        ...["?modules=MOD-1320", "?Module=MOD-1320", "?module[]=MOD-1320", "?module=", "?", "/", "/x"],
        ...[
          "/modules/",
          "/modules/MOD-1320/../../any",
          `/modules/MOD-1320?module=${catalogue}`,
          "#",
          "/any",
          "/any/x?y",
        ],
      ].map((rest): [string] => [`/authorize${rest}`]),
    });
    // Neither outcome is rare among the samples.
    expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(20);
  });
});

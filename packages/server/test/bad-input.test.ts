import { randomBytes } from "node:crypto";
import { deflateSync } from "node:zlib";
import { requestErrorCodes, userErrorCodes } from "@hallpass/shared";
import sharp from "sharp";
import { type Client, type GraphqlAnswer, mutations, queries } from "./support/client.js";
import { blackPng, jpegSegment, jpegWith, pngChunk, pngWith, progressiveJpeg } from "./support/images.js";
import { modules } from "./support/platform.js";
import { useServer } from "./support/test-server.js";

const update = mutations.updateApiToken ?? "";
const create = mutations.createApiToken ?? "";
const dataUrl = (bytes: Buffer, type = "image/png") => `data:${type};base64,${bytes.toString("base64")}`;

describe("Invalid input", () => {
  const server = useServer();
  let admin: Client;
  let id: string;

  beforeAll(async () => {
    admin = await server().as("admin");
    id = (await server().createToken({ name: "Untouched", description: "Before" })).id;
  });

  /** All state these requests could change. */
  const state = async () => ({
    tokens: await server().sql("SELECT * FROM api_token"),
    modules: await server().sql("SELECT * FROM api_token_module"),
    icons: await server().sql("SELECT token_id FROM api_token_icon"),
    records: await server().sql("SELECT account_id, sequence FROM audit_record"),
  });

  /** Expects a rejection that changes nothing and exposes no internals, and returns its code. */
  const refused = async (ask: () => Promise<GraphqlAnswer>) => {
    const before = await state();
    const answer = await ask();
    expect(answer.status).toBeLessThan(500);
    const fault = answer.errors[0] ?? userErrorsOf(answer)[0];
    if (!fault) throw new Error(`Nothing was refused: ${answer.text.slice(0, 500)}`);
    expect(fault.message.length).toBeGreaterThan(5);
    expect(answer.text).not.toMatch(/\bat .*\.(js|ts):\d+|SELECT |INSERT |UPDATE |SQLITE|\bER_/);
    const code = "code" in fault ? fault.code : fault.extensions.code;
    expect([...requestErrorCodes, ...userErrorCodes]).toContain(code);
    expect(await state()).toEqual(before);
    return code;
  };

  describe.each<[string, unknown, string]>([
    ["10,000 characters", "x".repeat(10_000), "TOO_LONG"],
    ["no characters", "", "REQUIRED"],
    ["blanks", "  \u00a0 ", "REQUIRED"],
    ["a NUL", "a\u0000b", "INVALID"],
    ["an escape sequence", "\u001b[31mred", "INVALID"],
    ["a lone surrogate", "a\ud800", "INVALID"],
    ["bidirectional marks", "\u202Egnp.exe", "INVALID"],
    ["a number", 5, "BAD_USER_INPUT"],
    ["a list", ["a"], "BAD_USER_INPUT"],
    ["an object", { a: 1 }, "BAD_USER_INPUT"],
    ["a Boolean", true, "BAD_USER_INPUT"],
  ])("Invalid name (%s)", (_what, name, code) => {
    test("A creation with the invalid name is rejected", async () => {
      expect(await refused(() => admin.ask(create, { input: { name, moduleIds: [modules.catalogue] } }))).toBe(code);
    });
    test("An edit with the invalid name is rejected and changes nothing", async () => {
      expect(await refused(() => admin.ask(update, { input: { id, name, description: "Half" } }))).toBe(code);
    });
  });

  test.each<[string, object, string]>([
    ["a description of 10,000 characters", { description: "x".repeat(10_000) }, "TOO_LONG"],
    ["a module that is not enabled", { moduleIds: [modules.catalogue, modules.helpdesk] }, "MODULE_NOT_ENABLED"],
    ["an unknown module", { moduleIds: ["MOD-9999"] }, "MODULE_NOT_ENABLED"],
    ["a malformed module", { moduleIds: ["catalogue"] }, "INVALID"],
    ["201 modules", { moduleIds: Array(201).fill(modules.catalogue) }, "TOO_LONG"],
    ["no modules", { moduleIds: [] }, "REQUIRED"],
    ["a malformed date", { expiresAt: "tomorrow" }, "BAD_USER_INPUT"],
    ["an expiry in the past", { expiresAt: "2001-01-01T00:00:00Z" }, "INVALID"],
    ["the 30th of February", { expiresAt: "2099-02-30T00:00:00Z" }, "BAD_USER_INPUT"],
    ["a version that is not a number", { version: "1; DROP TABLE api_token" }, "BAD_USER_INPUT"],
    ["a version beyond 32 bits", { version: 2 ** 40 }, "BAD_USER_INPUT"],
    ["an unknown field", { status: "DELETED" }, "BAD_USER_INPUT"],
  ])("An edit with %s is rejected and changes nothing", async (_what, change, code) => {
    expect(await refused(() => admin.ask(update, { input: { id, name: "Half", ...change } }))).toBe(code);
  });

  test.each(["", "x", "TKN-0000-0000", "TKN-1", "ACC-9999-9999", "'; --", "\u0000", "\ud800", "🤖", "x".repeat(5_000)])(
    "The ID %j matches no token",
    async (unknown) => {
      expect((await admin.data(queries.apiToken, { id: unknown })).apiToken).toBeNull();
      expect((await admin.data("query ($id: ID!) { node(id: $id) { id } }", { id: unknown })).node).toBeNull();
      for (const name of ["updateApiToken", "enableApiToken", "disableApiToken", "deleteApiToken", "rotateApiToken"])
        expect(await refused(() => admin.ask(mutations[name] ?? "", { input: { id: unknown } }))).toBe("NOT_FOUND");
      const { status } = await admin.fetch(`/icons/${encodeURIComponent(unknown.replace("\ud800", "x"))}`);
      expect([400, 404, 414]).toContain(status);
    },
  );

  describe("Malformed requests", () => {
    test.each<[string, string, string[]]>([
      ["with malformed JSON", "{", ["BAD_USER_INPUT"]],
      ["without a body", "", ["BAD_USER_INPUT"]],
      ["with a null body", "null", ["BAD_USER_INPUT"]],
      ["with a number as its body", "5", ["BAD_USER_INPUT"]],
      ["with a batch of queries", JSON.stringify([{ query: "{ viewer { role } }" }]), ["BAD_USER_INPUT"]],
      ["without a query", "{}", ["BAD_USER_INPUT"]],
      ["with a syntax error", JSON.stringify({ query: "{ viewer {" }), ["GRAPHQL_PARSE_FAILED"]],
      ["for an unknown field", JSON.stringify({ query: "{ secrets }" }), ["GRAPHQL_VALIDATION_FAILED"]],
      [
        "for an unknown operation",
        JSON.stringify({ query: "query A { viewer { role } }", operationName: "B" }),
        ["BAD_USER_INPUT"],
      ],
      ["with a list of variables", JSON.stringify({ query: "{ viewer { role } }", variables: [] }), ["BAD_USER_INPUT"]],
      ["without a required variable", JSON.stringify({ query: queries.apiToken }), ["BAD_USER_INPUT"]],
    ])("A request %s is rejected with 400", async (_what, body, codes) => {
      const answer = await admin.askRaw(body);
      expect(answer.status).toBe(400);
      // Fastify's own rejections are problem documents.
      if (answer.errors[0]) expect(codes).toContain(answer.errors[0].extensions.code);
      else expect(JSON.parse(answer.text)).toMatchObject({ status: 400, title: "Bad Request" });
    });

    test("A request of 5 MB is rejected", async () => {
      const answer = await admin.askRaw(JSON.stringify({ query: "{ viewer { role } }", x: "x".repeat(5_000_000) }));
      expect(answer.status).toBe(413);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
    });

    test("A query nested 1,000 deep is not parsed to the end, and one nested 200 deep is rejected before it runs", async () => {
      const refusalOf = async (depth: number) => {
        const actors = `${"createdBy { ... on ApiToken { ".repeat(depth)} id ${"} }".repeat(depth)}`;
        const { data, errors } = await admin.ask(`{ apiToken(id: "TKN-0000-0000") { ${actors} } }`);
        return [data, errors.map(({ message }) => message).join()];
      };
      expect(await refusalOf(1_000)).toEqual([null, expect.stringContaining("Parsing aborted")]);
      expect(await refusalOf(200)).toEqual([null, expect.stringContaining("up to 20 fields deep")]);
    });

    test("A malformed URL causes no server error", async () => {
      for (const path of ["/icons/%", "/%ff", "/icons/%00"]) expect((await admin.fetch(path)).status).toBeLessThan(500);
    });
  });

  describe("Logos", () => {
    const icons = async () => Number((await server().sql("SELECT COUNT(*) AS n FROM api_token_icon"))[0].n);
    const picture = (format: "png" | "jpeg" | "webp" | "gif" | "tiff", width = 300, height = 100) =>
      sharp({ create: { width, height, channels: 3, background: "#c04000" } })
        .toFormat(format)
        .toBuffer();
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    );

    test.each<[string, () => Promise<string> | string, string]>([
      ["not a data URL", () => "https://evil.example/logo.png", "INVALID"],
      ["an SVG", () => dataUrl(svg, "image/svg+xml"), "INVALID"],
      ["an SVG labelled as a PNG", () => dataUrl(svg), "INVALID"],
      ["a GIF labelled as a PNG", async () => dataUrl(await picture("gif")), "INVALID"],
      ["a TIFF labelled as a PNG", async () => dataUrl(await picture("tiff")), "INVALID"],
      ["not an image", () => dataUrl(Buffer.from("hello")), "INVALID"],
      ["empty", () => "data:image/png;base64,", "INVALID"],
      ["half a PNG", async () => dataUrl((await picture("png")).subarray(0, 60)), "INVALID"],
      ["larger than 512 KiB", () => dataUrl(Buffer.alloc(600 * 1024)), "TOO_LONG"],
      ["a decompression bomb of 100 million pixels", () => dataUrl(blackPng(10_000, 10_000)), "TOO_LONG"],
      ["wider than 1,024 pixels", () => dataUrl(blackPng(1_025, 1)), "TOO_LONG"],
      ["taller than 1,024 pixels", () => dataUrl(blackPng(1, 1_025)), "TOO_LONG"],
    ])("A logo that is %s is rejected", async (_what, make, code) => {
      const icon = await make();
      expect(
        await refused(() => admin.ask(create, { input: { name: "Logo", moduleIds: [modules.catalogue], icon } })),
      ).toBe(code);
      expect(await refused(() => admin.ask(update, { input: { id, name: "Half", icon } }))).toBe(code);
    });

    /** The CPU time of a rejection, in μs. The least of several runs, as other work uses the CPU too. */
    const leastCpu = async (text: string) => {
      const all: number[] = [];
      for (let round = 0; round < 5; round++) {
        const before = process.cpuUsage();
        const icon = dataUrl(Buffer.from(text));
        expect(await refused(() => admin.ask(update, { input: { id, icon } }))).toBe("INVALID");
        const { user, system } = process.cpuUsage(before);
        all.push(user + system);
      }
      return Math.min(...all);
    };

    test("An SVG is rejected before it is parsed", async () => {
      // Rendering it would compare each group with each rule.
      const rules = Array.from({ length: 8_000 }, (_, index) => `.c${index} g{}`).join("");
      const slow = `<svg xmlns="http://www.w3.org/2000/svg"><style>${rules}</style>${"<g/>".repeat(8_000)}</svg>`;
      expect(await leastCpu(slow)).toBeLessThan(10 * (await leastCpu(slow.replaceAll("<", "("))));
    });

    test("A JPEG can have up to 100 scans", async () => {
      const token = await server().createToken();
      const icon = (scans: number) => dataUrl(progressiveJpeg(scans), "image/jpeg");
      const { userErrors } = await admin.mutate("updateApiToken", { id: token.id, icon: icon(100) });
      expect(userErrors).toEqual([]);
      expect(await refused(() => admin.ask(update, { input: { id: token.id, icon: icon(101) } }))).toBe("TOO_LONG");
    });

    test("A logo of 50 MB is rejected before it is read", async () => {
      const before = await state();
      const body = JSON.stringify({ query: create, variables: { input: { icon: "A".repeat(50_000_000) } } });
      // The server may respond or close the connection while the rest is still being sent.
      const status = await admin.askRaw(body).then(
        (answer) => answer.status,
        () => "cut off",
      );
      expect([413, "cut off"]).toContain(status);
      expect(await state()).toEqual(before);
      expect((await admin.fetch("/healthz")).status).toBe(200);
    });

    test.each(["png", "jpeg", "webp"] as const)(
      "A logo as %s becomes a PNG of 128 × 128 pixels, visible only to callers who may see the token",
      async (format) => {
        const created = await server().createToken({ icon: dataUrl(await picture(format), `image/${format}`) });
        const { apiToken } = await admin.data(queries.apiToken, { id: created.id });
        const answer = await admin.fetch(apiToken.iconUrl);
        expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/png"]);
        const bytes = Buffer.from(await answer.arrayBuffer());
        const { format: stored, width, height, exif } = await sharp(bytes).metadata();
        expect({ stored, width, height, exif }).toEqual({ stored: "png", width: 128, height: 128, exif: undefined });

        const auditor = await server().as("auditor");
        expect((await auditor.fetch(apiToken.iconUrl)).status).toBe(200);
        const without = await server().createToken();
        for (const [who, expected] of [
          [await server().as("vendorAdmin"), 404],
          [server().program(without.value), 404],
          [server().nobody(), 401],
        ] as const)
          expect((await who.fetch(apiToken.iconUrl)).status).toBe(expected);
      },
    );

    /** Identifies the rendered logo. Its URL changes with every pixel. */
    const drawnAs = async (file: Buffer, type = "image/png") => {
      const { apiToken, userErrors } = await admin.mutate("updateApiToken", { id: drawnId, icon: dataUrl(file, type) });
      expect(userErrors).toEqual([]);
      return apiToken.iconUrl as string;
    };
    let drawnId: string;
    beforeAll(async () => {
      drawnId = (await server().createToken()).id;
    });

    test("A PNG’s text is ignored, even 490 KB that inflate to 480 MB", async () => {
      const plain = await picture("png");
      const text = deflateSync(Buffer.alloc(8_000_000), { level: 9 });
      const bomb = pngWith(plain, Array(60).fill(pngChunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), text]))));
      expect(bomb.length).toBeGreaterThan(450_000);
      expect(await drawnAs(bomb)).toBe(await drawnAs(plain));
    });

    test("A logo’s damaged metadata is ignored", async () => {
      const png = await picture("png");
      const damaged = ["iCCP", "eXIf", "zTXt", "iTXt", "cHRM"].map((type) => pngChunk(type, "damaged"));
      const wrongChecksum = Buffer.concat([pngChunk("tEXt", "Comment\0text").subarray(0, -4), Buffer.alloc(4)]);
      expect(await drawnAs(pngWith(png, [...damaged, wrongChecksum]))).toBe(await drawnAs(png));
      const jpeg = await picture("jpeg");
      const segments = [jpegSegment(0xe1, "Exif\0\0damaged"), jpegSegment(0xe2, "ICC_PROFILE\0\x01\x01damaged")];
      expect(await drawnAs(jpegWith(jpeg, segments), "image/jpeg")).toBe(await drawnAs(jpeg, "image/jpeg"));
    });

    test("Colours are treated as sRGB, whatever a logo’s colour profile", async () => {
      const { icc = Buffer.alloc(0) } = await sharp(
        await sharp(await picture("png"))
          .withIccProfile("p3")
          .toBuffer(),
      ).metadata();
      const png = await picture("png");
      const chunk = pngChunk("iCCP", Buffer.concat([Buffer.from("p3\0\0"), deflateSync(icc)]));
      expect((await sharp(pngWith(png, [chunk])).metadata()).icc).toEqual(icc);
      expect(await drawnAs(pngWith(png, [chunk]))).toBe(await drawnAs(png));
      const jpeg = await picture("jpeg");
      const segment = jpegSegment(0xe2, Buffer.concat([Buffer.from("ICC_PROFILE\0\x01\x01", "latin1"), icc]));
      expect((await sharp(jpegWith(jpeg, [segment])).metadata()).icc).toEqual(icc);
      expect(await drawnAs(jpegWith(jpeg, [segment]), "image/jpeg")).toBe(await drawnAs(jpeg, "image/jpeg"));
    });

    test.each(["png", "jpeg", "webp"] as const)("A logo as %s is oriented by its Exif data", async (format) => {
      const fourColours = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0]);
      const corners = await sharp(fourColours, { raw: { width: 2, height: 2, channels: 3 } })
        .resize(64, 32, { kernel: "nearest", fit: "fill" })
        .png()
        .toBuffer();
      for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
        const file = await sharp(corners).withMetadata({ orientation }).toFormat(format).toBuffer();
        const drawn = await admin.fetch(await drawnAs(file, `image/${format}`));
        const upright = await sharp(file).autoOrient().resize(128, 128, { fit: "contain" }).png().toBuffer();
        expect(await cornersOf(Buffer.from(await drawn.arrayBuffer()))).toEqual(await cornersOf(upright));
      }
    });

    test("A lossless WebP of more than 16 KB is rejected, and a smaller one is accepted", async () => {
      const lossless = (side: number) =>
        sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
          .webp({ lossless: true })
          .toBuffer();
      const [small, large] = [await lossless(40), await lossless(128)];
      expect(small.length).toBeLessThan(16_384);
      expect(large.length).toBeGreaterThan(16_384);
      await drawnAs(small, "image/webp");
      expect(await refused(() => admin.ask(update, { input: { id, icon: dataUrl(large, "image/webp") } }))).toBe(
        "TOO_LONG",
      );
    });

    test("An animated WebP is rejected", async () => {
      const frames = [
        await picture("webp"),
        await sharp(await picture("webp"))
          .negate()
          .toBuffer(),
      ];
      const animated = await sharp(frames, { join: { animated: true } })
        .webp()
        .toBuffer();
      expect(await refused(() => admin.ask(update, { input: { id, icon: dataUrl(animated, "image/webp") } }))).toBe(
        "INVALID",
      );
    });

    test("An edit replaces or removes a logo, and its URL changes with it", async () => {
      const created = await server().createToken({ icon: dataUrl(await picture("png")) });
      const first = (await admin.data(queries.apiToken, { id: created.id })).apiToken.iconUrl;
      const other = await sharp({ create: { width: 9, height: 9, channels: 3, background: "#00ff00" } })
        .png()
        .toBuffer();
      const second = (await admin.mutate("updateApiToken", { id: created.id, icon: dataUrl(other) })).apiToken.iconUrl;
      expect(second).not.toBe(first);
      const before = await icons();
      expect((await admin.mutate("updateApiToken", { id: created.id, icon: null })).apiToken.iconUrl).toBeNull();
      expect(await icons()).toBe(before - 1);
      expect((await admin.fetch(second)).status).toBe(404);
    });
  });
});

function userErrorsOf({ data }: GraphqlAnswer): { code: string; message: string }[] {
  return (Object.values(data ?? {}) as { userErrors?: { code: string; message: string }[] }[]).flatMap(
    (payload) => payload?.userErrors ?? [],
  );
}

/** Whether a point in each quarter has red, green and blue. */
async function cornersOf(picture: Buffer): Promise<boolean[][]> {
  const pixels = await sharp(picture).removeAlpha().raw().toBuffer();
  const points = [44, 84].flatMap((y) => [44, 84].map((x) => (y * 128 + x) * 3));
  return points.map((at) => [...pixels.subarray(at, at + 3)].map((value) => value > 127));
}

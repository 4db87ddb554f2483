import { deflateSync } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import {
  chunksOfPng,
  chunksOfWebp,
  exifOf,
  jpegSegment,
  jpegWith,
  markersOfJpeg,
  pngChunk,
  pngOf,
  pngWith,
  progressiveJpeg,
} from "../../../test/support/images.js";
import { propertyRuns } from "../../../test/support/property-runs.js";
import { type PixelData, pixelDataOf } from "./pixel-data.js";

const picture = sharp({ create: { width: 20, height: 10, channels: 4, background: "#c0400080" } });
const metadata = () =>
  picture
    .clone()
    .keepMetadata()
    .withIccProfile("p3")
    .withExif({ IFD0: { Copyright: "x" } });
const bitmapOf = (file: Buffer) => sharp(file, { ignoreIcc: true }).raw().toBuffer();

describe("Pixel data", () => {
  test("A PNG is reduced to its header, palette, transparency and pixels", async () => {
    const palette = [pngChunk("PLTE", "abcdef"), pngChunk("tRNS", "\x40")];
    const pixels = pngChunk("IDAT", deflateSync(Buffer.from([0, 0b01010101])));
    const others = [
      "gAMA",
      "cHRM",
      "iCCP",
      "sBIT",
      "bKGD",
      "pHYs",
      "tIME",
      "tEXt",
      "zTXt",
      "iTXt",
      "sPLT",
      "hIST",
      "acTL",
    ];
    const anything = others.map((type) => pngChunk(type, "anything"));
    const shape = { depth: 1, colour: 3 };
    const { file } = pixelDataOf(
      Buffer.concat([
        pngOf(8, 1, [...anything, ...palette, ...anything, pixels, pngChunk("fdAT", "xxxxyyyy"), ...anything], shape),
        Buffer.from("<script>behind the end</script>"),
      ]),
    );
    expect(chunksOfPng(file)).toEqual(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
    expect(await bitmapOf(file)).toEqual(await bitmapOf(pngOf(8, 1, [...palette, pixels], shape)));
  });

  test("A JPEG is reduced to its tables, frame and scans, and to how its colours are coded", async () => {
    const plain = await picture.clone().jpeg().toBuffer();
    const applications = Array.from({ length: 16 }, (_, index) => jpegSegment(0xe0 + index, "anything"));
    const adobe = jpegSegment(0xee, "Adobe\0\x64\0\0\0\0\x01");
    const full = jpegWith(plain, [...applications, adobe, jpegSegment(0xfe, "a comment")]);
    const { file, scans } = pixelDataOf(Buffer.concat([full, full]));
    expect(new Set(markersOfJpeg(file))).toEqual(new Set([0xee, 0xdb, 0xc0, 0xc4, 0xda]));
    expect(markersOfJpeg(file).filter((marker) => marker === 0xee)).toHaveLength(1);
    expect(scans).toBe(1);
    expect(await bitmapOf(file)).toEqual(await bitmapOf(plain));
  });

  test("A WebP is reduced to its pixels and transparency", async () => {
    const full = await metadata().webp().toBuffer();
    expect(chunksOfWebp(full)).toEqual(expect.arrayContaining(["ICCP", "EXIF"]));
    const { file } = pixelDataOf(full);
    expect(chunksOfWebp(file)).toEqual(["VP8X", "ALPH", "VP8 "]);
    const { icc, exif } = await sharp(file).metadata();
    expect([icc, exif]).toEqual([undefined, undefined]);
    expect(await bitmapOf(file)).toEqual(await bitmapOf(full));
  });

  test("The scans of a JPEG, the lossless bytes of a WebP and its animation are reported", async () => {
    const webp = async (options: object) => pixelDataOf(await picture.clone().webp(options).toBuffer());
    expect(pixelDataOf(progressiveJpeg(7))).toMatchObject({ scans: 7, losslessWebpBytes: 0, isAnimated: false });
    expect((await webp({ lossless: true })).losslessWebpBytes).toBeGreaterThan(0);
    expect((await webp({})).losslessWebpBytes).toBeGreaterThan(0);
    const opaque = await picture.clone().removeAlpha().webp().toBuffer();
    expect(pixelDataOf(opaque).losslessWebpBytes).toBe(0);
    const frames = await sharp([opaque, await picture.clone().negate().webp().toBuffer()], { join: { animated: true } })
      .webp()
      .toBuffer();
    expect(pixelDataOf(frames).isAnimated).toBe(true);
  });

  test.each(["png", "jpeg", "webp"] as const)("The orientation of a %s is reported", async (format) => {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8])
      expect(
        pixelDataOf(await picture.clone().withMetadata({ orientation }).toFormat(format).toBuffer()),
      ).toMatchObject({
        orientation,
      });
  });

  test("Damaged Exif data give no orientation", async () => {
    const plain = await picture.clone().png().toBuffer();
    const oriented = (exif: Buffer) => pixelDataOf(pngWith(plain, [pngChunk("eXIf", exif)])).orientation;
    expect(oriented(exifOf(6))).toBe(6);
    expect(oriented(exifOf(9))).toBe(1);
    for (let length = 0; length < 20; length++) expect(oriented(exifOf(6).subarray(0, length))).toBe(1);
    expect(oriented(Buffer.alloc(500, 0xff))).toBe(1);
  });
});

describe("Malformed image files", () => {
  test.each([
    ["An empty file", Buffer.alloc(0)],
    ["A PNG's signature alone", pngOf(1, 1, []).subarray(0, 8)],
    ["A PNG without its end", pngOf(1, 1, [pngChunk("IDAT")]).subarray(0, -12)],
    ["A PNG with a chunk beyond its end", pngWith(pngOf(1, 1, []), [Buffer.from("\x7f\xff\xff\xffIDAT", "latin1")])],
    ["A JPEG without its end", progressiveJpeg(3).subarray(0, -2)],
    ["A JPEG with bytes between its segments", jpegWith(progressiveJpeg(3), [Buffer.from("bytes")])],
    ["A JPEG with a segment of no length", jpegWith(progressiveJpeg(3), [Buffer.from([0xff, 0xe1, 0, 0])])],
    ["A JPEG in arithmetic coding", jpegWith(progressiveJpeg(3), [jpegSegment(0xc9, "anything")])],
    ["A JPEG within a JPEG", jpegWith(progressiveJpeg(3), [Buffer.from([0xff, 0xd8])])],
    ["A WebP that is longer than its file", Buffer.from("RIFF\xff\0\0\0WEBPVP8 \0\0\0\0", "latin1")],
    ["A WebP with a chunk beyond its end", Buffer.from("RIFF\x0c\0\0\0WEBPVP8 \xff\0\0\0", "latin1")],
  ])("%s is rejected", (_what, file) => {
    expect(() => pixelDataOf(file)).toThrow();
  });

  test("A file damaged anywhere is rejected or reduced to what is still whole, never to more than there was", async () => {
    const files = await Promise.all([
      metadata().png().toBuffer(),
      metadata().jpeg().toBuffer(),
      metadata().webp().toBuffer(),
      metadata().webp({ lossless: true }).toBuffer(),
    ]);
    const damage = fc.array(fc.record({ at: fc.nat(2_000), byte: fc.nat(255) }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...files), damage, fc.nat(2_000), (whole, changes, cut) => {
        const file = Buffer.from(whole.subarray(0, cut < 1_000 ? whole.length : cut));
        for (const { at, byte } of changes) if (at < file.length) file[at] = byte;
        const reduced = reducedOrNull(file);
        if (!reduced) return;
        expect(reduced.file.length).toBeLessThanOrEqual(file.length);
        expect(pixelDataOf(reduced.file).file).toEqual(reduced.file);
      }),
      { numRuns: propertyRuns(300) },
    );
  });
});

function reducedOrNull(file: Buffer): PixelData | null {
  try {
    return pixelDataOf(file);
  } catch {
    return null;
  }
}

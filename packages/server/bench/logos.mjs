// Logos that are small files but expensive to decode, as data URLs: the most expensive ones accepted, and some that are
// rejected for their cost.
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";

const side = 1_024;
const maxBytes = 512 * 1024;
/** Maximum size of a lossless WebP. */
const maxLosslessBytes = 16 * 1024;

/** @returns {Promise<{ name: string, icon: string }[]>} */
export async function worstLogos() {
  const noise = Buffer.from(Array.from({ length: side * side * 3 }, (_, index) => (index * index * 31) % 251));
  const noisy = () => sharp(noise, { raw: { width: side, height: side, channels: 3 } });
  const bombOfText = deflateSync(Buffer.alloc(7_900_000), { level: 9 });
  const small = [header(16, 16), chunk("IDAT", deflateSync(rowsOf(16, 16, 3)))];
  const interlaced = deflateSync(interlacedRows(side, 8));
  return [
    png("16 bits, interlaced", [header(side, side, { depth: 16, colour: 6, interlace: 1 }), chunk("IDAT", interlaced)]),
    png("16 bits, interlaced, a byte a chunk", [
      header(side, side, { depth: 16, colour: 6, interlace: 1 }),
      ...Array.from(deflateSync(Buffer.alloc(interlacedRows(side, 8).length), { level: 9 }), (byte) =>
        chunk("IDAT", Buffer.from([byte])),
      ),
    ]),
    png("text that inflates to 500 MB", [
      ...small,
      ...Array(63).fill(chunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), bombOfText]))),
    ]),
    png("26,000 texts", [...small, ...Array(26_000).fill(chunk("tEXt", Buffer.from("a\0text")))]),
    png("480 MB behind its pixels", [
      header(16, 16),
      chunk("IDAT", deflateSync(Buffer.alloc(480_000_000), { level: 9 })),
    ]),
    jpeg("CMYK, noise", await largest((quality) => noisy().toColourspace("cmyk").jpeg({ quality, progressive: true }))),
    jpeg("noise, progressive", await largest((quality) => noisy().jpeg({ quality, progressive: true }))),
    jpeg("100 scans", scannedJpeg(100)),
    webp("lossy, noise", await largest((quality) => noisy().webp({ quality }))),
    webp("lossless, a set of prefix codes for each 4 × 4 pixels, 16 KB", losslessWebp(240)),
    webp("lossless, a set of prefix codes for each 4 × 4 pixels, 295 KB", losslessWebp(side)),
    png("a row of a million pixels", [
      header(side * side, 1, { depth: 16, colour: 6 }),
      chunk("IDAT", deflateSync(rowsOf(side * side, 1, 8), { level: 9 })),
    ]),
  ];
}

const dataUrl = (name, type, bytes) => ({ name, icon: `data:image/${type};base64,${bytes.toString("base64")}` });
const jpeg = (name, bytes) => dataUrl(`JPEG: ${name}`, "jpeg", bytes);
const webp = (name, bytes) => dataUrl(`WebP: ${name}`, "webp", bytes);

function png(name, chunks) {
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return dataUrl(`PNG: ${name}`, "png", Buffer.concat([signature, ...chunks, chunk("IEND", Buffer.alloc(0))]));
}

function header(width, height, { depth = 8, colour = 2, interlace = 0 } = {}) {
  const content = Buffer.alloc(13);
  content.writeUInt32BE(width, 0);
  content.writeUInt32BE(height, 4);
  content[8] = depth;
  content[9] = colour;
  content[12] = interlace;
  return chunk("IHDR", content);
}

function chunk(type, content) {
  const body = Buffer.concat([Buffer.from(type), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** Rows of a PNG, each preceded by its filter byte: Paeth, the most expensive. */
function rowsOf(width, height, bytesPerPixel) {
  const rows = Buffer.alloc((width * bytesPerPixel + 1) * height);
  for (let y = 0; y < height; y++)
    for (let at = 0; at <= width * bytesPerPixel; at++)
      rows[y * (width * bytesPerPixel + 1) + at] = at === 0 ? 4 : (at * 7 + y * 13) & 255;
  return rows;
}

/** Adam7 interlacing: seven passes, each over some of the columns and rows. */
function interlacedRows(size, bytesPerPixel) {
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ];
  return Buffer.concat(
    passes.map(([x = 0, y = 0, dx = 1, dy = 1]) =>
      rowsOf(Math.ceil((size - x) / dx), Math.ceil((size - y) / dy), bytesPerPixel),
    ),
  );
}

/** Encodes at the highest quality that fits a logo's size limit. */
async function largest(make) {
  for (let quality = 90; ; quality -= 10) {
    const bytes = await make(Math.max(1, quality)).toBuffer();
    if (bytes.length <= maxBytes) return bytes;
  }
}

/** A greyscale JPEG with this many scans, each of which adds nothing to any block. */
function scannedJpeg(scans) {
  const blocks = (side / 8) ** 2;
  const segment = (marker, ...bytes) => Buffer.from([0xff, marker, 0, bytes.length + 2, ...bytes]);
  const codes = (table) => segment(0xc4, table, 1, ...Array(16).fill(0));
  const data = Buffer.alloc(blocks / 8);
  const scan = (coefficient, bits) => Buffer.concat([segment(0xda, 1, 1, 0, coefficient, coefficient, bits), data]);
  const coefficients = Array.from({ length: 63 }, (_, index) => index + 1);
  const refinements = [0x01, 0x10].flatMap((bits) => coefficients.map((coefficient) => scan(coefficient, bits)));
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, 0, ...Array(64).fill(1)),
    segment(0xc2, 8, side >> 8, side & 255, side >> 8, side & 255, 1, 1, 0x11, 0),
    ...[codes(0x00), codes(0x10), scan(0, 0), ...refinements.slice(0, scans - 1)],
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** RFC 9649, section 3: each block of 4 × 4 pixels has its own five prefix codes of one symbol each. */
function losslessWebp(size) {
  const bits = [];
  const put = (value, count) => {
    for (let index = 0; index < count; index++) bits.push((value >> index) & 1);
  };
  /** A simple prefix code of one symbol. */
  const simple = (symbol) => {
    put(1, 2);
    put(symbol > 1 ? 1 : 0, 1);
    put(symbol, symbol > 1 ? 8 : 1);
  };
  /** A normal prefix code: 256 symbols of 8 bits, then none. The code lengths 8 and 18 (zeros) take one bit each. */
  const bytes = (alphabet) => {
    put(0, 1);
    put(12 - 4, 4);
    for (const length of [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8]) put(length === 8 || length === 18 ? 1 : 0, 3);
    put(0, 1 + 256);
    if (alphabet > 256) {
      put(1, 1);
      put(alphabet - 256 - 11, 7);
    }
  };
  const reversed = (byte) => [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, bit) => sum | (((byte >> bit) & 1) << (7 - bit)), 0);
  const tiles = Math.ceil(size / 4) ** 2;
  put(0x2f, 8);
  put(size - 1, 14);
  put(size - 1, 14);
  // Transparency, version, no transform, no colour cache. Then the image that maps each tile to its codes.
  put(1, 1 + 3 + 1 + 1);
  put(1, 1 + 3 + 1);
  bytes(280);
  bytes(256);
  for (const symbol of [0, 255, 0]) simple(symbol);
  for (let tile = 0; tile < tiles; tile++) {
    put(reversed(tile & 255), 8);
    put(reversed(tile >> 8), 8);
  }
  for (let tile = 0; tile < tiles; tile++) for (let code = 0; code < 5; code++) simple(0);
  const picture = Buffer.alloc(Math.ceil(bits.length / 8) + (Math.ceil(bits.length / 8) % 2));
  for (const [index, bit] of bits.entries()) picture[index >> 3] = (picture[index >> 3] ?? 0) | (bit << (index & 7));
  if (size < side && picture.length > maxLosslessBytes) throw new Error(`${picture.length} bytes are too many.`);
  const head = Buffer.from("RIFF\0\0\0\0WEBPVP8L\0\0\0\0", "latin1");
  head.writeUInt32LE(4 + 8 + picture.length, 4);
  head.writeUInt32LE(picture.length, 16);
  return Buffer.concat([head, picture]);
}

import { crc32, deflateSync } from "node:zlib";

// Handmade image files, with content no encoder would write.

const pngSignature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** A PNG of these chunks, with IHDR and IEND around them. */
export function pngOf(width: number, height: number, chunks: Buffer[], { depth = 8, colour = 2 } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  header[9] = colour;
  return Buffer.concat([pngSignature, pngChunk("IHDR", header), ...chunks, pngChunk("IEND")]);
}

export function pngChunk(type: string, content: Buffer | string = ""): Buffer {
  const body = Buffer.concat([Buffer.from(type), Buffer.from(content)]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** The types of a PNG's chunks. */
export function chunksOfPng(file: Buffer): string[] {
  const types: string[] = [];
  for (let at = pngSignature.length; at < file.length; at += 12 + file.readUInt32BE(at))
    types.push(file.toString("latin1", at + 4, at + 8));
  return types;
}

/** A black PNG with one bit per pixel: a few KB that decode to many pixels. */
export function blackPng(width: number, height: number): Buffer {
  const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height);
  return pngOf(width, height, [pngChunk("IDAT", deflateSync(rows))], { depth: 1, colour: 0 });
}

/** The PNG with these chunks after its header. */
export function pngWith(file: Buffer, chunks: Buffer[]): Buffer {
  const afterHeader = pngSignature.length + 25;
  return Buffer.concat([file.subarray(0, afterHeader), ...chunks, file.subarray(afterHeader)]);
}

export function jpegSegment(marker: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([0xff, marker, (bytes.length + 2) >> 8, (bytes.length + 2) & 0xff]), bytes]);
}

/** The JPEG with these segments at its start. */
export function jpegWith(file: Buffer, segments: Buffer[]): Buffer {
  return Buffer.concat([file.subarray(0, 2), ...segments, file.subarray(2)]);
}

/** The markers of a JPEG's segments up to the data of its first scan. */
export function markersOfJpeg(file: Buffer): number[] {
  const markers: number[] = [];
  for (let at = 2; markers.at(-1) !== 0xda; at += 2 + file.readUInt16BE(at + 2)) markers.push(file.readUInt8(at + 1));
  return markers;
}

/** A JPEG of 8 × 8 grey pixels in up to 127 scans, each of which adds one bit of one coefficient. */
export function progressiveJpeg(scans: number): Buffer {
  const segment = (marker: number, ...bytes: number[]) => [...jpegSegment(marker, Buffer.from(bytes))];
  /** A table with one code of one bit: end of block. */
  const codes = (table: number) => segment(0xc4, table, 1, ...Array(16).fill(0));
  const scan = (coefficient: number, bits: number) => [...segment(0xda, 1, 1, 0, coefficient, coefficient, bits), 0x7f];
  const coefficients = Array.from({ length: 63 }, (_, index) => index + 1);
  const refinements = [0x01, 0x10].flatMap((bits) => coefficients.map((coefficient) => scan(coefficient, bits)));
  return Buffer.from([
    ...[0xff, 0xd8, ...segment(0xdb, 0, ...Array(64).fill(1)), ...segment(0xc2, 8, 0, 8, 0, 8, 1, 1, 0x11, 0)],
    ...[...codes(0x00), ...codes(0x10), ...scan(0, 0), ...refinements.slice(0, scans - 1).flat(), 0xff, 0xd9],
  ]);
}

/** The types of a WebP's chunks. */
export function chunksOfWebp(file: Buffer): string[] {
  const types: string[] = [];
  for (let at = 12; at < file.length; ) {
    types.push(file.toString("latin1", at, at + 4));
    const length = file.readUInt32LE(at + 4);
    at += 8 + length + (length % 2);
  }
  return types;
}

/** Exif data (a TIFF file) with only the orientation. */
export function exifOf(orientation: number): Buffer {
  const exif = Buffer.from("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0", "latin1");
  exif.writeUInt16BE(orientation, 18);
  return exif;
}

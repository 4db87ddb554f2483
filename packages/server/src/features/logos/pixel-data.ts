/** An image file reduced to its pixel data, so that a decoder sees no text, profile, thumbnail or animation. */
export interface PixelData {
  /** A complete file of the same format. */
  file: Buffer;
  /** Orientation from 1 to 8 (Exif 2.32, section 4.6.4, tag 0x0112). 1 if the image is upright. */
  orientation: number;
  /** Passes over the image. More than one only in a progressive JPEG. */
  scans: number;
  /** Bytes in WebP's lossless coding, of the image or of its transparency alone. */
  losslessWebpBytes: number;
  /** A WebP with several frames. An APNG also contains a still image, which is used. */
  isAnimated: boolean;
}

/** Parses an image file. Throws if it is not a PNG, JPEG or WebP, is truncated or is malformed. */
export function pixelDataOf(file: Buffer): PixelData {
  if (startsWith(file, pngSignature)) return ofPng(file);
  if (startsWith(file, "\xff\xd8")) return ofJpeg(file);
  if (startsWith(file, "RIFF") && startsWith(file.subarray(8), "WEBP")) return ofWebp(file);
  throw malformed();
}

/** A chunk or segment. */
interface Part<Type> {
  type: Type;
  content: Buffer;
  /** Including its type and length. */
  whole: Buffer;
}

const pngSignature = "\x89PNG\r\n\x1a\n";
const still: Omit<PixelData, "file"> = { orientation: 1, scans: 1, losslessWebpBytes: 0, isAnimated: false };
const malformed = () => new Error("The image file is malformed.");
const startsWith = (bytes: Buffer, text: string) => bytes.toString("latin1", 0, text.length) === text;

const pngChunks = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

function ofPng(file: Buffer): PixelData {
  const kept = [file.subarray(0, pngSignature.length)];
  let orientation = 1;
  for (const { type, content, whole } of partsOfPng(file)) {
    if (pngChunks.has(type)) kept.push(whole);
    if (type === "eXIf") orientation = orientationOf(content);
  }
  return { ...still, file: Buffer.concat(kept), orientation };
}

/** PNG, third edition, section 5.3: a length, four letters, the content, a checksum. The last chunk is IEND. */
function* partsOfPng(file: Buffer): Iterable<Part<string>> {
  for (let at = pngSignature.length, type = ""; type !== "IEND"; ) {
    const end = at + 12 + file.readUInt32BE(at);
    if (end > file.length) throw malformed();
    type = file.toString("latin1", at + 4, at + 8);
    yield { type, content: file.subarray(at + 8, end - 4), whole: file.subarray(at, end) };
    at = end;
  }
}

// ITU-T T.81, table B.1.
const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const app1 = 0xe1;
/** Defines how colours are coded, notably in CMYK. */
const app14 = 0xee;
/** Huffman-coded frames (baseline, extended, progressive), their tables, the restart interval, scans, the end. */
const jpegSegments = new Set([0xc0, 0xc1, 0xc2, 0xc4, 0xdb, 0xdd, startOfScan, endOfImage]);

function ofJpeg(file: Buffer): PixelData {
  const kept = [file.subarray(0, 2)];
  let orientation = 1;
  let scans = 0;
  for (const { type, content, whole } of partsOfJpeg(file)) {
    if (jpegSegments.has(type) || (type === app14 && startsWith(content, "Adobe"))) kept.push(whole);
    // Frames in lossless, hierarchical or arithmetic coding, which no browser can read either.
    else if (type <= startOfImage) throw malformed();
    if (type === startOfScan) scans++;
    if (type === app1 && startsWith(content, exifPrefix)) orientation = orientationOf(content);
  }
  return { ...still, file: Buffer.concat(kept), orientation, scans };
}

/**
 * ITU-T T.81, section B.1.1: a marker, a length, the content, and the data of a scan without a length. The last segment
 * is the end.
 */
function* partsOfJpeg(file: Buffer): Iterable<Part<number>> {
  for (let at = 2, type = 0; type !== endOfImage; ) {
    if (file.readUInt8(at) !== 0xff) throw malformed();
    type = file.readUInt8(at + 1);
    if (type === 0xff) {
      at++;
      continue;
    }
    const length = type === endOfImage ? 0 : file.readUInt16BE(at + 2);
    const contentEnd = at + 2 + length;
    if ((length < 2 && type !== endOfImage) || contentEnd > file.length) throw malformed();
    const end = type === startOfScan ? endOfScan(file, contentEnd) : contentEnd;
    yield { type, content: file.subarray(at + 4, contentEnd), whole: file.subarray(at, end) };
    at = end;
  }
}

/** Position of the next marker. In the data of a scan, 0xFF is followed by 0 or is part of a restart marker. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = from; at + 1 < file.length; at++) {
    if (file[at] !== 0xff) continue;
    const next = file.readUInt8(at + 1);
    const isRestart = next >= 0xd0 && next <= 0xd7;
    if (next !== 0 && next !== 0xff && !isRestart) return at;
  }
  throw malformed();
}

const webpChunks = new Set(["VP8X", "ALPH", "VP8 ", "VP8L"]);
/** The only feature in a VP8X whose chunk is kept. */
const alphaFlag = 0x10;

function ofWebp(file: Buffer): PixelData {
  const kept: Buffer[] = [];
  const found = { ...still };
  for (const { type, content, whole } of partsOfWebp(file)) {
    if (webpChunks.has(type)) kept.push(whole);
    if (type === "VP8L" || (type === "ALPH" && isLosslessAlpha(content))) found.losslessWebpBytes += content.length;
    if (type === "ANMF") found.isAnimated = true;
    if (type === "EXIF") found.orientation = orientationOf(content);
  }
  const chunks = Buffer.concat(kept);
  if (startsWith(chunks, "VP8X")) chunks.writeUInt8(chunks.readUInt8(8) & alphaFlag, 8);
  const header = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  header.writeUInt32LE(4 + chunks.length, 4);
  return { ...found, file: Buffer.concat([header, chunks]) };
}

/** RFC 9649, section 2.7.1.2: two bits contain the compression method. */
const isLosslessAlpha = (content: Buffer) => (content.readUInt8(0) & 3) !== 0;

/** RFC 9649, sections 2.3 and 2.4: four letters, a length, the content, and a padding byte if the length is odd. */
function* partsOfWebp(file: Buffer): Iterable<Part<string>> {
  const fileEnd = 8 + file.readUInt32LE(4);
  if (fileEnd > file.length) throw malformed();
  for (let at = 12; at < fileEnd; ) {
    const contentEnd = at + 8 + file.readUInt32LE(at + 4);
    const end = contentEnd + ((contentEnd - at) % 2);
    if (end > fileEnd) throw malformed();
    const type = file.toString("latin1", at, at + 4);
    yield { type, content: file.subarray(at + 8, contentEnd), whole: file.subarray(at, end) };
    at = end;
  }
}

/** Precedes Exif data in a JPEG, and in some WebPs. */
const exifPrefix = "Exif\0\0";

/**
 * Reads the orientation from Exif data, which is a TIFF file, in its first directory (TIFF 6.0, section 2). 1 if there
 * is none.
 */
function orientationOf(exif: Buffer): number {
  const tiff = startsWith(exif, exifPrefix) ? exif.subarray(exifPrefix.length) : exif;
  const isLittle = startsWith(tiff, "II");
  const short = (at: number) => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const long = (at: number) => (isLittle ? short(at) + short(at + 2) * 65_536 : short(at) * 65_536 + short(at + 2));
  const directory = long(4);
  for (let entry = directory + 2, left = short(directory); left > 0 && entry < tiff.length; entry += 12, left--) {
    if (short(entry) !== 0x0112) continue;
    const orientation = short(entry + 8);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
  }
  return 1;
}

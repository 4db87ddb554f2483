import { createHash } from "node:crypto";
import { limits } from "@hallpass/shared";
import sharp from "sharp";
import { UserFault, userFault } from "../../errors.js";

// Of every other format nothing is even looked at: an SVG of a few KB can take seconds, and can refer to files.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer"] });

/** Of a JPEG: each pass over a picture costs as much as the first. */
const maxScans = 100;
const startOfScan = Buffer.from([0xff, 0xda]);

export interface Icon {
  png: Buffer;
  /** Changes with the picture. */
  hash: string;
}

/** Whatever was sent, only pixels go on: a PNG of 128×128 in 256 colours without any metadata. */
export async function encodeIcon(dataUrl: string): Promise<Icon> {
  const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(",") + 1), "base64");
  if (bytes.length > limits.iconBytes) throw userFault("TOO_LONG", "The logo can have 512 KB at most.", "icon");
  try {
    const image = sharp(bytes, { limitInputPixels: false, pages: 1 });
    // What the file says it is does not count.
    const { format, width, height } = await image.metadata();
    // A small file could make us decode gigabytes, or one picture over and over.
    if (width * height > limits.iconPixels) throw tooManyPixels();
    if (format === "jpeg" && countScans(bytes) > maxScans) throw tooComplex();
    const side = limits.iconSide;
    const png = await image
      .rotate()
      .resize(side, side, { fit: "contain", background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .png({ palette: true })
      .toBuffer();
    return { png, hash: createHash("sha256").update(png).digest("hex").slice(0, 16) };
  } catch (error) {
    if (error instanceof UserFault) throw error;
    throw userFault("INVALID", "The logo must be a PNG, JPEG or WebP image.", "icon");
  }
}

/** In a picture's own data, the byte 0xFF is never followed by the marker's other byte. */
function countScans(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(startOfScan); at !== -1; at = bytes.indexOf(startOfScan, at + 2)) count++;
  return count;
}

const tooManyPixels = () => userFault("TOO_LONG", "The logo can have 2,048 by 2,048 pixels at most.", "icon");
const tooComplex = () => userFault("TOO_LONG", "The logo is too complex: save it as a PNG.", "icon");

import { createHash } from "node:crypto";
import { limits } from "@hallpass/shared";
import sharp from "sharp";
import { UserFault, userFault } from "../../errors.js";

const formats = new Set(["png", "jpeg", "webp"]);

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
    // What the file says it is does not count: sharp would also read an SVG, and its references.
    const { format, width, height } = await image.metadata();
    if (!formats.has(format)) throw new Error(`not for ${format}`);
    // A small file could make us decode gigabytes.
    if (width * height > limits.iconPixels) throw tooManyPixels();
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

const tooManyPixels = () => userFault("TOO_LONG", "The logo can have 3,000 by 3,000 pixels at most.", "icon");

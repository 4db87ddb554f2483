import { createHash } from "node:crypto";
import { limits } from "@hallpass/shared";
import sharp, { type Sharp } from "sharp";
import type { CallContext } from "../../context/request-context.js";
import { UserInputError, userInputError } from "../../core/errors.js";
import { createWorkQueue, type WorkQueue } from "../../core/work-queue.js";
import { pixelDataOf } from "./pixel-data.js";

// Of every other format nothing is even looked at: an SVG of a few KB can take seconds, and can refer to files.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer"] });
// A logo occupies one thread, and no more.
sharp.concurrency(1);

/** Of a JPEG: each pass over a picture costs as much as the first. */
const maxScans = 100;
/**
 * In WebP's lossless coding. Each 4 × 4 pixels can have prefix codes of their own: five of them fit in 4 bytes and take
 * some 20 µs to prepare, so that the 295 KB that give a picture of 1,024 × 1,024 all it can have take 2 s.
 */
const maxLosslessWebpBytes = 16 * 1024;

/**
 * Logos under way: one is decoded, which leaves libuv's other threads to sign-ins, files and name look-ups; the last of
 * the others waits for some seconds at most.
 */
const places = 12;
/** Of one account. */
const share = 4;

export function createLogoQueue(refuse: () => Error): WorkQueue {
  return createWorkQueue({ running: 1, places, share, refuse });
}

export interface Icon {
  png: Buffer;
  /** Changes with the picture. */
  hash: string;
}

/**
 * Whatever was sent, only pixels go on: a PNG of 128×128 in 256 colours without any metadata. Colours are taken as sRGB.
 * Throws a UserInputError for a file that is no logo, RATE_LIMITED when too many logos are under way.
 */
export function encodeIcon({ app, caller }: CallContext, dataUrl: string): Promise<Icon> {
  return app.logoQueue.admit(caller.account.id, (turn) => turn(() => encode(dataUrl)));
}

async function encode(dataUrl: string): Promise<Icon> {
  const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(",") + 1), "base64");
  if (bytes.length > limits.iconBytes) throw tooLong("The logo can be up to 512 KB.");
  try {
    const { file, orientation, scans, losslessWebpBytes, isAnimated } = pixelDataOf(bytes);
    if (isAnimated) throw userInputError("INVALID", "The logo cannot be animated.", "icon");
    if (scans > maxScans || losslessWebpBytes > maxLosslessWebpBytes)
      throw tooLong("The logo is too complex. Save it as a PNG.");
    const image = sharp(file, { limitInputPixels: false });
    const { width, height } = await image.metadata();
    // A small file could make us decode gigabytes; one long row alone takes a second.
    if (Math.max(width, height) > limits.iconInputSide) throw tooLong("The logo can be up to 1,024 by 1,024 pixels.");
    const side = limits.iconSide;
    const png = await turned(image, orientation)
      .resize(side, side, { fit: "contain", background: { r: 0, g: 0, b: 0, alpha: 0 } })
      // The least effort: more takes ten times as long and looks the same.
      .png({ palette: true, effort: 1 })
      .toBuffer();
    return { png, hash: createHash("sha256").update(png).digest("hex").slice(0, 16) };
  } catch (error) {
    if (error instanceof UserInputError) throw error;
    throw userInputError("INVALID", "The logo must be a PNG, JPEG or WebP image.", "icon");
  }
}

const tooLong = (message: string) => userInputError("TOO_LONG", message, "icon");

/** Exif's orientations from 1 to 8, as what is done to the picture: mirrored first, then turned clockwise. */
function turned(image: Sharp, orientation: number): Sharp {
  const isMirrored = [2, 4, 5, 7].includes(orientation);
  const angle = [0, 0, 180, 180, 270, 90, 90, 270][orientation - 1];
  return image.flop(isMirrored).rotate(angle);
}

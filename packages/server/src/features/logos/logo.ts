import { createHash } from "node:crypto";
import { limits } from "@hallpass/shared";
import sharp, { type Sharp } from "sharp";
import type { CallContext } from "../../context/request-context.js";
import { UserInputError, userInputError } from "../../core/errors.js";
import { createWorkQueue, type WorkQueue } from "../../core/work-queue.js";
import { pixelDataOf } from "./pixel-data.js";

// Other formats are not even parsed: an SVG of a few KB can take seconds, and can refer to files.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer"] });
// A logo occupies only one thread.
sharp.concurrency(1);

/** JPEG scans. Each pass over an image costs as much as the first. */
const maxScans = 100;
/**
 * Bytes in WebP's lossless coding. Each block of 4 × 4 pixels can have its own prefix codes: five of them fit in 4
 * bytes and take about 20 µs to prepare, so an image of 1,024 × 1,024 with all possible codes is 295 KB and takes 2 s.
 */
const maxLosslessWebpBytes = 16 * 1024;

/**
 * Logos running and queued. One is decoded at a time, which leaves libuv's other threads to sign-ins, files and DNS
 * lookups. The last one waits a few seconds at most.
 */
const capacity = 12;
/** Slots of one account. */
const perCaller = 4;

export function createLogoQueue(rejection: () => Error): WorkQueue {
  return createWorkQueue({ concurrency: 1, capacity, perCaller, rejection });
}

export interface Logo {
  png: Buffer;
  /** Changes with the image. */
  hash: string;
}

/**
 * Reduces a file to its pixels: a PNG of 128×128 in 256 colours without any metadata. Colours are interpreted as sRGB.
 * Throws a UserInputError if the file is not a valid logo, and RATE_LIMITED if too many logos are running or queued.
 */
export function encodeLogo({ app, caller }: CallContext, dataUrl: string): Promise<Logo> {
  return app.logoQueue.admit(caller.account.id, (limit) => limit(() => encode(dataUrl)));
}

async function encode(dataUrl: string): Promise<Logo> {
  const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(",") + 1), "base64");
  if (bytes.length > limits.logoBytes) throw tooLong("The logo can be up to 512 KB.");
  try {
    const { file, orientation, scans, losslessWebpBytes, isAnimated } = pixelDataOf(bytes);
    if (isAnimated) throw userInputError("INVALID", "The logo cannot be animated.", "icon");
    if (scans > maxScans || losslessWebpBytes > maxLosslessWebpBytes)
      throw tooLong("The logo is too complex. Save it as a PNG.");
    const image = sharp(file, { limitInputPixels: false });
    const { width, height } = await image.metadata();
    // A small file could make us decode gigabytes, and a single long row takes a second.
    if (Math.max(width, height) > limits.logoInputSide) throw tooLong("The logo can be up to 1,024 by 1,024 pixels.");
    const side = limits.logoSide;
    const png = await turned(image, orientation)
      .resize(side, side, { fit: "contain", background: { r: 0, g: 0, b: 0, alpha: 0 } })
      // Minimum effort. More takes ten times as long and looks the same.
      .png({ palette: true, effort: 1 })
      .toBuffer();
    return { png, hash: createHash("sha256").update(png).digest("hex").slice(0, 16) };
  } catch (error) {
    if (error instanceof UserInputError) throw error;
    throw userInputError("INVALID", "The logo must be a PNG, JPEG or WebP image.", "icon");
  }
}

const tooLong = (message: string) => userInputError("TOO_LONG", message, "icon");

/** Applies an Exif orientation from 1 to 8: mirrors first, then rotates clockwise. */
function turned(image: Sharp, orientation: number): Sharp {
  const isMirrored = [2, 4, 5, 7].includes(orientation);
  const angle = [0, 0, 180, 180, 270, 90, 90, 270][orientation - 1];
  return image.flop(isMirrored).rotate(angle);
}

import sharp from "sharp";

/** A data URL of a logo that is slow to decode, which keeps its request in flight. */
export async function slowLogo(side = 900): Promise<string> {
  const noise = { type: "gaussian" as const, mean: 128, sigma: 30 };
  const picture = sharp({ create: { width: side, height: side, channels: 3, background: "white", noise } });
  return `data:image/webp;base64,${(await picture.webp({ quality: 20 }).toBuffer()).toString("base64")}`;
}

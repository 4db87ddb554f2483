import sharp from "sharp";

/** A logo as a data URL that takes a while to decode: a request that carries it is in flight for as long. */
export async function slowLogo(side = 900): Promise<string> {
  const noise = { type: "gaussian" as const, mean: 128, sigma: 30 };
  const picture = sharp({ create: { width: side, height: side, channels: 3, background: "white", noise } });
  return `data:image/webp;base64,${(await picture.webp({ quality: 20 }).toBuffer()).toString("base64")}`;
}

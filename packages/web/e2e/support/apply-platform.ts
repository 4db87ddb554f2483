import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { serverCli } from "./demo-server.mjs";

/** Applies a platform file as an operator would, while the server runs. */
export async function applyPlatform(dataDir: string, platform: object): Promise<void> {
  const file = join(dataDir, "platform.json");
  await writeFile(file, JSON.stringify(platform));
  await promisify(execFile)(process.execPath, [serverCli, "apply", file], {
    env: { PATH: process.env.PATH, HALLPASS_DATA_DIR: dataDir },
  });
}

import { type ApplyOptions, applyPlatform } from "../features/platform/apply-platform.js";
import { readPlatformFile } from "../features/platform/platform-file.js";
import { withApp } from "./with-app.js";

/** Applies a platform file. Prints the changes and the items the file does not list. */
export async function applyFile(file: string, options: ApplyOptions): Promise<void> {
  const platform = readPlatformFile(file);
  const { changes, unlisted, warnings } = await withApp((app) => applyPlatform(app, platform, options), {
    mayCreate: true,
  });
  console.log(changes.length ? changes.join("\n") : "Nothing to change.");
  if (unlisted.length)
    console.log(
      ["Not in the file, left unchanged (use --prune to remove):", ...unlisted.map((line) => `  ${line}`)].join("\n"),
    );
  for (const warning of warnings) console.error(`Warning: ${warning}`);
  // Standard output is the same as without --dry-run.
  if (options.dryRun) console.error("Dry run. Nothing was changed.");
}

import type { AppContext } from "../context/app-context.js";
import { startNewHistory } from "../db/history.js";
import { createMissingTriggers } from "../db/triggers.js";

/**
 * The schema is already up to date when a command starts. Prints a warning for each trigger the database did not allow.
 */
export async function migrate(app: AppContext): Promise<void> {
  for (const { name, reason } of await createMissingTriggers(app.dataSource))
    console.error(`Warning: the trigger ${name}, which protects the audit trail, could not be created: ${reason}`);
  await startNewHistory(app.dataSource);
  console.log("The schema is up to date.");
}

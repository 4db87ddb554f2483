import type { AppContext } from "../context/app-context.js";
import { startNewHistory } from "../db/history.js";
import { createMissingTriggers } from "../db/triggers.js";

/** A command's start has brought the schema up to date; what the database did not allow is a warning. */
export async function migrate(app: AppContext): Promise<void> {
  for (const { name, reason } of await createMissingTriggers(app.dataSource))
    console.error(`Warning: the trigger ${name}, which protects the audit trail, could not be created: ${reason}`);
  await startNewHistory(app.dataSource);
  console.log("The schema is up to date.");
}

// `npm start`: builds changes, then serves with sample data.
import { runQuietly } from "./run-quietly.mjs";

await runQuietly("Building", "turbo", ["run", "build", "--output-logs=errors-only"]);
process.argv.splice(1, 1, "hallpass", "demo");
await import("../packages/server/dist/cli.js");

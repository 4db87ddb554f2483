// A thread that moves pages from the log of the embedded database to its file, for checkpoints.ts. Plain JavaScript,
// because a thread starts from a file that Node can run as it is.
import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";

const database = new Database(workerData);

parentPort?.on("message", () => {
  // Passive: it waits for no one, and no one waits for it.
  database.pragma("wal_checkpoint(PASSIVE)");
  parentPort?.postMessage("done");
});

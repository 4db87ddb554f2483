// Preloaded into a command to kill it, like kill -9, after this many SQLite statements.
//   HALLPASS_FAULTS_KILL_AFTER=12 node --import ./kill-at-statement.mjs dist/cli.js migrate
// Without a number, it writes the number of statements to the file HALLPASS_FAULTS_COUNT.
import { writeFileSync } from "node:fs";
import Database from "better-sqlite3";

const { HALLPASS_FAULTS_KILL_AFTER: killAfter, HALLPASS_FAULTS_COUNT: countFile } = process.env;
let count = 0;

for (const method of ["prepare", "exec"]) {
  const original = Database.prototype[method];
  Database.prototype[method] = function (...args) {
    if (killAfter !== undefined && count >= Number(killAfter)) process.kill(process.pid, "SIGKILL");
    count++;
    return original.apply(this, args);
  };
}

if (countFile) process.once("exit", () => writeFileSync(countFile, String(count)));

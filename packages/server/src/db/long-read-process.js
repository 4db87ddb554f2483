// A process that reads the embedded database for long-reads.ts. Plain JavaScript, because a process starts from a file
// that Node can run as it is.
import Database from "better-sqlite3";

const [, , file = "", busyTimeoutMs] = process.argv;
const preparedStatements = 100;

// Node would open its inspector on this signal: any user of the machine could then read data and run code.
process.on("SIGUSR1", () => {});
// The parent process ends this one.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
process.on("disconnect", () => process.exit());

const database = new Database(file, { readonly: true, timeout: Number(busyTimeoutMs) });
const statements = new Map();

function prepared(sql) {
  const known = statements.get(sql);
  if (known) return known;
  if (statements.size >= preparedStatements) statements.clear();
  const statement = database.prepare(sql);
  statements.set(sql, statement);
  return statement;
}

process.on("message", ({ sql, parameters }) => {
  try {
    process.send?.({ rows: prepared(sql).all(...parameters) });
  } catch (error) {
    process.send?.({ error: { message: error.message, code: error.code } });
  }
});

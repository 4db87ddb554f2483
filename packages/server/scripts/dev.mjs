// Compiles on each change and restarts the demo. Not tsx or esbuild, which emit no decorator metadata.
import { spawn } from "node:child_process";

const run = (command, args) => spawn(command, args, { stdio: "inherit" });
const compiler = run("tsc", ["-b", "-w", "tsconfig.build.json", "--preserveWatchOutput"]);
const server = run(process.execPath, ["--watch", "--watch-preserve-output", "dist/cli.js", "demo"]);

for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => {
    compiler.kill();
    server.kill();
  });

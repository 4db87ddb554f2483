// Compiles on each change and starts the demo again. Not tsx or esbuild: they emit no decorator metadata.
import { spawn } from "node:child_process";

const run = (command, args) => spawn(command, args, { stdio: "inherit" });
const compiler = run("tsc", ["-b", "-w", "tsconfig.build.json", "--preserveWatchOutput"]);
const server = run(process.execPath, ["--watch", "--watch-preserve-output", "dist/cli.js", "demo"]);

for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => {
    compiler.kill();
    server.kill();
  });

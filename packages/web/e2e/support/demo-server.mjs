import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const serverCli = fileURLToPath(new URL("../../../server/dist/cli.js", import.meta.url));
export const webApp = fileURLToPath(new URL("../../dist/index.html", import.meta.url));

/**
 * Starts the built server with its sample data as a separate process, on a free port and with an empty data folder.
 * `token` is the sample token whose value the server prints.
 * @param {Record<string, string>} [settings]
 */
export async function startDemoServer(settings) {
  const dataDir = await mkdtemp(join(tmpdir(), "hallpass-e2e-"));
  const server = spawn(process.execPath, [serverCli, "demo"], {
    env: { PATH: process.env.PATH, HALLPASS_DATA_DIR: dataDir, PORT: await freePort(), ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = await readUntil(server, "Web app");
  const [, url = ""] = /Web app\s+(\S+)/.exec(printed) ?? [];
  const [, id = "", name = "", value = ""] = /Token\s+(\S+) (.+)\n\s+(hp_\S+)/.exec(printed) ?? [];
  return {
    url,
    token: { id, name, value },
    dataDir,
    async stop() {
      const ended = server.exitCode === null ? once(server, "exit") : null;
      server.kill("SIGTERM");
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** PORT=0 won’t do: the server prints its own URL, so it must know the port. */
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, "close");
  return String(port);
}

/**
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, import("node:stream").Readable>} server
 * @param {string} mark
 * @returns {Promise<string>}
 */
function readUntil(server, mark) {
  let printed = "";
  return new Promise((resolve, reject) => {
    const take = (/** @type {Buffer} */ chunk) => {
      printed += chunk;
      if (printed.includes(mark)) resolve(printed);
    };
    server.stdout.on("data", take);
    server.stderr.on("data", take);
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`The server ended with ${code}:\n${printed}`)));
  });
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli, runCommand } from "../../support/command-line.js";
import { freePort } from "../../support/mariadb.js";
import { until } from "../../support/programs.js";

jest.setTimeout(120_000);

describe("Server process", () => {
  let folder: string;
  const running: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hallpass-test-"));
  });
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true });
  });

  async function start(args: string[], settings: Record<string, string> = {}) {
    const port = String(await freePort());
    const env = { PATH: process.env.PATH ?? "", HALLPASS_DATA_DIR: join(folder, "data"), PORT: port, ...settings };
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder, env });
    running.push(child);
    const said = { child, url: `http://127.0.0.1:${port}`, out: "", err: "" };
    child.stdout.on("data", (chunk) => {
      said.out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      said.err += chunk;
    });
    await until(
      () => {
        if (child.exitCode !== null) throw new Error(`It ended: ${said.out}${said.err}`);
        return /listens on|Web app/.test(said.out);
      },
      { limitMs: 60_000, everyMs: 20 },
    );
    return said;
  }

  const accepts = (port: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });

  test("A server’s output consists of JSON lines and includes its URL at every log level", async () => {
    for (const level of ["fatal", "info"]) {
      const { url, out, err } = await start(["serve"], { LOG_LEVEL: level });
      const lines = out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(lines.at(-1)).toMatchObject({ level: 30, url, msg: `Hallpass listens on ${url}` });
      expect(lines).toHaveLength(level === "fatal" ? 1 : lines.length);
      expect(err).toBe("");
    }
  });

  test.each([["serve"], ["demo"]])("The command %s ignores SIGUSR1 and opens no inspector", async (command) => {
    const inspector = await freePort();
    const said = await start([command], { NODE_OPTIONS: `--inspect-port=127.0.0.1:${inspector}` });
    for (let signal = 0; signal < 5; signal++) {
      said.child.kill("SIGUSR1");
      // Node would have opened it before it answered the next of these.
      for (let request = 0; request < 5; request++)
        expect((await fetch(`${said.url}/readyz`, { headers: { Connection: "close" } })).status).toBe(200);
      expect(await accepts(inspector)).toBe(false);
    }
    expect(said.err).not.toMatch(/inspector|debugger/i);
    expect(said.out).not.toContain("anyone who can reach");
  });

  test("The demo requires --allow-remote to listen beyond this machine, and then warns", async () => {
    for (const HOST of ["0.0.0.0", "demo.example"])
      await expect(start(["demo"], { HOST })).rejects.toThrow(/^It ended: .*HOST .* 'demo --allow-remote'/s);
    // Any name but localhost may be remote. In capitals, localhost needs the option too, but stays on this machine.
    const { out } = await start(["demo", "--allow-remote"], { HOST: "LOCALHOST" });
    expect(out).toContain("anyone who can reach this server can sign in");
  });
});

describe("Failed starts", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hallpass-test-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ["a port in use", (port: number) => ({ PORT: String(port) }), "already in use"],
    ["an unknown HOST", () => ({ HOST: "no-such-host.invalid" }), "HOST and PORT: cannot listen:"],
    ["a file as its data folder", () => ({ HALLPASS_DATA_DIR: cli }), "EEXIST"],
  ])("A start with %s fails with an explanation and no stack trace", async (_what, settingsWith, words) => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const settings = { HALLPASS_DATA_DIR: join(folder, "data"), PORT: "0", LOG_LEVEL: "error", ...settingsWith(port) };
    const { status, out, err } = await runCommand(["serve"], folder, settings);
    taken.close();
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(err).toContain(words);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

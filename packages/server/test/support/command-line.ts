import { spawn } from "node:child_process";
import { join } from "node:path";

/** The built command, as operators run it. */
export const cli = join(__dirname, "../../dist/cli.js");

export interface CommandResult {
  status: number | null;
  out: string;
  err: string;
}

/** Runs a command with only these settings, and this standard input. */
export function runCommand(
  args: string[],
  cwd: string,
  settings: Record<string, string>,
  input = "",
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH ?? "", ...settings };
    const command = spawn(process.execPath, [cli, ...args], { cwd, env });
    // A command may end without reading it.
    command.stdin.on("error", () => undefined).end(input);
    const result: CommandResult = { status: null, out: "", err: "" };
    command.stdout.on("data", (chunk) => (result.out += chunk));
    command.stderr.on("data", (chunk) => (result.err += chunk));
    command.once("error", reject);
    command.once("close", (status) => resolve({ ...result, status }));
  });
}

/** Runs a command's function in this process, and returns its result and what it printed. */
export async function printed<T>(command: () => Promise<T>): Promise<{ result: T; out: string }> {
  const lines: string[] = [];
  const log = jest.spyOn(console, "log").mockImplementation((line: string) => void lines.push(`${line}\n`));
  const result = await command().finally(() => log.mockRestore());
  return { result, out: lines.join("") };
}

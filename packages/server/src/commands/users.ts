import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { AppContext } from "../context/app-context.js";
import { userInputError } from "../core/errors.js";
import { endSessions, setPassword } from "../features/platform/change-access.js";
import { passwordLength } from "../features/platform/platform-file.js";

/** Reads the new password from standard input, so that it is in no process list and no shell history. */
export async function setUserPassword(app: AppContext, who: string): Promise<void> {
  const password = await readPassword();
  if (password.length < passwordLength.min || password.length > passwordLength.max)
    throw userInputError(
      "INVALID",
      `The password must have ${passwordLength.min} to ${passwordLength.max} characters.`,
      "password",
    );
  for (const line of await setPassword(app, who, password)) console.log(line);
}

export async function endUserSessions(app: AppContext, who: string): Promise<void> {
  const lines = await endSessions(app, who);
  for (const line of lines.length > 0 ? lines : [`${who} has no session.`]) console.log(line);
}

/** The first line of standard input. In a terminal, asks for it without showing it. */
async function readPassword(): Promise<string> {
  const isTerminal = process.stdin.isTTY === true;
  if (isTerminal) process.stderr.write("New password: ");
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: isTerminal });
  try {
    for await (const line of reader) return line;
    return "";
  } finally {
    reader.close();
    if (isTerminal) process.stderr.write("\n");
  }
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Answer {
  status: number;
  headers: string;
  body: string;
}

/** Sends a request with the real curl, as a partner’s program would. */
export async function curl(url: string, ...args: string[]): Promise<Answer> {
  const { stdout } = await run("curl", ["--silent", "--show-error", "--include", "--max-time", "10", ...args, url]);
  const [headers = "", ...body] = stdout.split("\r\n\r\n");
  return { status: Number(headers.split(" ")[1]), headers, body: body.join("\r\n\r\n") };
}

/** Checks a value as the gateway does. Returns the status code. */
export async function authorize(serverUrl: string, value: string, query = ""): Promise<number> {
  const { status } = await curl(`${serverUrl}/authorize${query}`, "--header", `Authorization: Bearer ${value}`);
  return status;
}

/** Creates a token as a program would. Returns its value. */
export async function createToken(serverUrl: string, value: string, name: string, moduleId: string): Promise<string> {
  const input = `{ name: "${name}", moduleIds: ["${moduleId}"] }`;
  const { body } = await query(serverUrl, value, `mutation { createApiToken(input: ${input}) { value } }`);
  return JSON.parse(body).data.createApiToken.value;
}

/** Sends a GraphQL query as a partner’s program would. */
export function query(serverUrl: string, value: string, text: string): Promise<Answer> {
  const headers = [`Authorization: Bearer ${value}`, "Content-Type: application/json"];
  return curl(
    `${serverUrl}/graphql`,
    ...headers.flatMap((header) => ["--header", header]),
    "--data",
    JSON.stringify({ query: text }),
  );
}

import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { Webhook } from "standardwebhooks";

interface Message {
  url: string;
  /** `webhook-id`. */
  id: string;
  body: string;
  at: Date;
  secrets: string[];
}

export interface Answer {
  /** Null if there was no response. */
  status: number | null;
  /** The beginning of the body, or why there was no response. */
  text: string;
}

const timeLimitMs = 10_000;
const shownBytes = 500;

/**
 * Sends a message by the Standard Webhooks specification. Redirects are not followed, and nothing is sent into private
 * networks, whatever the name resolves to at that moment, unless `intoPrivateNetworks`. Never throws.
 */
export async function send(message: Message, intoPrivateNetworks: boolean): Promise<Answer> {
  try {
    return await post(message, intoPrivateNetworks);
  } catch (error) {
    return { status: null, text: reasonOf(error) };
  }
}

async function post({ url, id, body, at, secrets }: Message, intoPrivateNetworks: boolean): Promise<Answer> {
  const { useAgent } = await import("request-filtering-agent");
  // One connection each, so that an address is checked for each.
  const agent = useAgent(url, { allowPrivateIPAddress: intoPrivateNetworks, keepAlive: false });
  const request = new URL(url).protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sending = request(url, {
      method: "POST",
      agent,
      signal: AbortSignal.timeout(timeLimitMs),
      headers: {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(body),
        "User-Agent": "Hallpass",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
        "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(" "),
      },
    });
    sending.on("error", reject);
    sending.once("response", (response) => {
      let text = "";
      // The status counts, however long the rest is, and whether or not it comes.
      const settle = () => {
        resolve({ status: response.statusCode ?? 0, text: printable(text) });
        sending.destroy();
      };
      sending.removeListener("error", reject).on("error", settle);
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length >= shownBytes) settle();
      });
      response.once("end", settle);
      response.on("error", settle);
    });
    sending.end(body);
  });
}

const printable = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, shownBytes);

function reasonOf(error: unknown): string {
  const { name, code, message } = error as Error & { code?: string };
  if (name === "AbortError" || name === "TimeoutError") return `No response within ${timeLimitMs / 1000} seconds.`;
  return printable(code && !message.includes(code) ? `${code}: ${message}` : message);
}

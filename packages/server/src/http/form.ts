import type { IncomingMessage, ServerResponse } from "node:http";

const isForm = /^application\/x-www-form-urlencoded *(?:;|$)/i;

/** With an HTTP status, like Fastify's own errors of a body. */
class BodyError extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}

const tooLarge = (maxBytes: number) => new BodyError(413, `The body has more than ${maxBytes / 1024} KiB.`);

/**
 * The parameters of a form-encoded body, none if there is no body. Rejects with a `statusCode` of 413 if it is larger,
 * and of 415 if it is something else: the rest is not read, and the response will close the connection.
 */
export async function formOf(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
): Promise<URLSearchParams> {
  const { "content-length": length, "content-type": type = "", "transfer-encoding": coding } = request.headers;
  if (coding === undefined && (length === undefined || length === "0")) return new URLSearchParams();
  try {
    if (!isForm.test(type)) throw new BodyError(415, "Send the parameters as application/x-www-form-urlencoded.");
    if (Number(length ?? 0) > maxBytes) throw tooLarge(maxBytes);
    return new URLSearchParams(await textOf(request, maxBytes));
  } catch (error) {
    response.setHeader("Connection", "close");
    throw error;
  }
}

function textOf(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) return void chunks.push(chunk);
      request.pause();
      reject(tooLarge(maxBytes));
    });
    // Characters may be split between two chunks.
    request.on("end", () => resolve(Buffer.concat(chunks).toString()));
    request.on("error", () => reject(new BodyError(400, "The body is incomplete.")));
  });
}

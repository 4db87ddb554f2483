import { STATUS_CODES } from "node:http";
import type { FastifyReply } from "fastify";
import type { RequestError } from "../core/errors.js";

/** A problem document (RFC 9457). */
interface Problem {
  type: "about:blank";
  title: string;
  status: number;
  detail: string;
  /** Our API's error code, if there is one. */
  code?: string;
}

export const problemHeaders = { "Content-Type": "application/problem+json", "Cache-Control": "no-store" };

export function problem(status: number, detail: string): Problem {
  return { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail };
}

export function sendProblem(reply: FastifyReply, content: Problem): FastifyReply {
  return reply.code(content.status).headers(problemHeaders).send(JSON.stringify(content));
}

/** A raw HTTP response, for malformed or oversized HTTP that is rejected before it becomes a request. */
export function rawProblem(status: number, detail: string): string {
  const body = JSON.stringify(problem(status, detail));
  const lines = Object.entries({ ...problemHeaders, "Content-Length": Buffer.byteLength(body), Connection: "close" });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`;
}

/** The response for an error. */
export function problemOf(error: RequestError): { status: number; headers: Record<string, string>; body: string } {
  const content: Problem = { ...problem(error.status, error.message), ...error.details, code: error.code };
  return { status: error.status, headers: { ...error.headers, ...problemHeaders }, body: JSON.stringify(content) };
}

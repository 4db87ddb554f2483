import { STATUS_CODES } from "node:http";
import type { FastifyReply } from "fastify";
import type { RequestError } from "./errors.js";

/** A problem document (RFC 9457). */
interface Problem {
  type: "about:blank";
  title: string;
  status: number;
  detail: string;
  /** The contract's code, where there is one. */
  code?: string;
}

const headers = { "Content-Type": "application/problem+json", "Cache-Control": "no-store" };

export function problem(status: number, detail: string): Problem {
  return { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail };
}

export function sendProblem(reply: FastifyReply, content: Problem): FastifyReply {
  return reply.code(content.status).headers(headers).send(JSON.stringify(content));
}

/** An answer that says what is wrong with the request, or with us. */
export function problemOf(error: RequestError): { status: number; headers: Record<string, string>; body: string } {
  const content: Problem = { ...problem(error.status, error.message), code: error.code };
  return { status: error.status, headers: { ...error.headers, ...headers }, body: JSON.stringify(content) };
}

import { STATUS_CODES } from "node:http";
import type { FastifyReply } from "fastify";

/** A problem document (RFC 9457). */
export interface Problem {
  type: "about:blank";
  title: string;
  status: number;
  detail: string;
  /** The contract's code, where there is one. */
  code?: string;
}

export function problem(status: number, detail: string): Problem {
  return { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail };
}

export function sendProblem(reply: FastifyReply, content: Problem): FastifyReply {
  return reply
    .code(content.status)
    .headers({ "Content-Type": "application/problem+json", "Cache-Control": "no-store" })
    .send(JSON.stringify(content));
}

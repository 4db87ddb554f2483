import type { RequestErrorCode } from "@hallpass/shared";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RawAnswer } from "./before-fastify.js";
import { toRequestError } from "./to-request-error.js";

/** RFC 6749, section 5.1: so are the answers themselves. */
export const uncached = { "Cache-Control": "no-store", Pragma: "no-cache" };

const headers = { ...uncached, "Content-Type": "application/json; charset=utf-8" };

/** RFC 6749, sections 5.2 and 4.1.2.1. */
const oauthCodes: Partial<Record<RequestErrorCode, string>> = {
  UNAUTHENTICATED: "invalid_client",
  FORBIDDEN: "unauthorized_client",
  BAD_USER_INPUT: "invalid_request",
  RATE_LIMITED: "temporarily_unavailable",
  SERVICE_UNAVAILABLE: "temporarily_unavailable",
};

/** An error of an OAuth endpoint in OAuth's own format, which its clients read. `ours` as of toRequestError. */
export function oauthErrorOf(error: unknown): RawAnswer & { ours: unknown } {
  // HTTP's own errors: an oversized body, an unsupported content type.
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return { ...oauthError(statusCode, "invalid_request", message ?? ""), ours: null };
  const { shown, ours } = toRequestError(error);
  const answer = oauthError(shown.status, oauthCodes[shown.code] ?? "server_error", shown.message);
  return { ...answer, headers: { ...shown.headers, ...headers }, ours };
}

/** Fastify's error handler of OAuth endpoints. */
export function answerOAuthErrors(report: (error: unknown, requestId: string) => void) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { ours, ...answer } = oauthErrorOf(error);
    if (ours) report(ours, request.id);
    return sendAnswer(reply, answer);
  };
}

/** For the methods an OAuth endpoint does not have. */
export const onlyPost = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendAnswer(reply.header("Allow", "POST"), oauthError(405, "invalid_request", "Send a POST request."));

const sendAnswer = (reply: FastifyReply, { status, headers, body }: RawAnswer) =>
  reply.code(status).headers(headers).send(body);

function oauthError(status: number, error: string, description: string): RawAnswer {
  return { status, headers, body: JSON.stringify({ error, error_description: description }) };
}

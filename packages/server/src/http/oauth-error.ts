import type { RequestErrorCode } from "@hallpass/shared";
import type { FastifyReply, FastifyRequest } from "fastify";
import { toRequestError } from "./to-request-error.js";

/** RFC 6749, sections 5.2 and 4.1.2.1. */
const oauthCodes: Partial<Record<RequestErrorCode, string>> = {
  UNAUTHENTICATED: "invalid_client",
  FORBIDDEN: "unauthorized_client",
  BAD_USER_INPUT: "invalid_request",
  RATE_LIMITED: "temporarily_unavailable",
  SERVICE_UNAVAILABLE: "temporarily_unavailable",
};

/** Answers errors of OAuth endpoints in OAuth's own format, which its clients read. */
export function answerOAuthErrors(report: (error: unknown, requestId: string) => void) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    // Fastify's own errors: an oversized body, an unsupported content type.
    const { statusCode, message } = error as { statusCode?: number; message?: string };
    if (statusCode && statusCode >= 400 && statusCode < 500)
      return sendOAuthError(reply, statusCode, "invalid_request", message ?? "");
    const { shown, ours } = toRequestError(error);
    if (ours) report(ours, request.id);
    return sendOAuthError(
      reply.headers(shown.headers),
      shown.status,
      oauthCodes[shown.code] ?? "server_error",
      shown.message,
    );
  };
}

/** For the methods an OAuth endpoint does not have. */
export const onlyPost = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendOAuthError(reply.header("Allow", "POST"), 405, "invalid_request", "Send a POST request.");

function sendOAuthError(reply: FastifyReply, status: number, error: string, description: string): FastifyReply {
  return reply
    .code(status)
    .headers({ "Cache-Control": "no-store", Pragma: "no-cache" })
    .send({ error, error_description: description });
}

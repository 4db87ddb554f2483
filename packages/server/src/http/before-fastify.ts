import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Endpoint, Latencies } from "../infra/latencies.js";
import type { Traces } from "../infra/traces.js";

/**
 * Answers a request on Node's own server, before Fastify sees it, whose routing, parsing and hooks cost more than a
 * decision. Returns false if the request is for another route.
 */
export type EarlyRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const slash = 47;
const absoluteForm = /^https?:\/\/[^/?#]+/i;

/**
 * Path and query of a request target in origin form, or in absolute form, which servers must accept (RFC 9112, section
 * 3.2.2).
 */
export function pathAndQuery(target: string): string {
  return target.charCodeAt(0) === slash ? target : target.replace(absoluteForm, "");
}

export function send(response: ServerResponse, { status, headers, body }: RawAnswer, requestId?: string): void {
  const all: OutgoingHttpHeaders = { ...headers, "Content-Length": Buffer.byteLength(body) };
  if (requestId !== undefined) all["X-Request-Id"] = requestId;
  response.writeHead(status, all).end(body);
}

interface EarlyRequest {
  endpoint: Endpoint;
  /** For traces. */
  route: string;
  requestId?: string;
  /** Answers the request. Synchronous where it can be. */
  answer(): Promise<void> | undefined;
  /** Answers instead if `answer` throws or rejects. */
  answerError(error: unknown): void;
}

/** Answers the request and measures and traces it. */
export function observed(
  { metrics, traces }: { metrics: { latencies: Latencies }; traces: Traces | null },
  request: IncomingMessage,
  response: ServerResponse,
  { endpoint, route, requestId, answer, answerError }: EarlyRequest,
): true {
  const began = performance.now();
  const span = traces?.start(request, route, requestId);
  const ended = () => {
    metrics.latencies.observe(endpoint, response.statusCode, performance.now() - began);
    span?.end(response.statusCode);
  };
  const failed = (error: unknown) => {
    answerError(error);
    ended();
  };
  const run = () => {
    try {
      const answering = answer();
      if (answering) answering.then(ended, failed);
      else ended();
    } catch (error) {
      failed(error);
    }
  };
  // Failures are logged with the IDs of the trace, too.
  if (span) span.within(run);
  else run();
  return true;
}

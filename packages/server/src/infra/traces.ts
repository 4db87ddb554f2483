import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import {
  context,
  DiagLogLevel,
  diag,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import type { Logger } from "pino";
import type { DataSource, EntitySubscriberInterface, QueryRunner } from "typeorm";

/** How long the last spans may take to be sent, in ms. An unavailable collector must not delay shutdown. */
const closeLimitMs = 2_000;
const maxTextLength = 500;

/** OpenTelemetry traces. Attributes follow its semantic conventions, and none contains a value or a query string. */
export interface Traces {
  /** Starts the span of a request, in the caller's trace if the request has a `traceparent` (W3C Trace Context). */
  start(request: Pick<IncomingMessage, "method" | "headers">, route: string, requestId?: string): RequestTrace;
  /** Adds a span for each statement that a request runs on these connections. */
  follow(dataSource: DataSource): void;
  /** Sends the last spans. */
  close(): Promise<void>;
}

export interface RequestTrace {
  /** Runs work whose statements and log lines belong to the request. */
  within<T>(work: () => T): T;
  end(status: number): void;
}

/** Loads the SDK, and sends spans to the collector in the background. If it is unavailable, they are discarded. */
export async function openTraces(endpoint: URL, logger: Logger): Promise<Traces> {
  const { BatchSpanProcessor, NodeTracerProvider } = await import("@opentelemetry/sdk-trace-node");
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-proto");
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = await import(
    "@opentelemetry/resources"
  );
  diag.setLogger(diagnostics(logger), DiagLogLevel.WARN);
  const url = `${endpoint.href.replace(/\/$/, "")}/v1/traces`;
  const provider = new NodeTracerProvider({
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last and win.
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": "hallpass" }))
      .merge(detectResources({ detectors: [envDetector] })),
    // Clients choose the names of GraphQL operations, so these can be of any length.
    spanLimits: { attributeValueLengthLimit: maxTextLength },
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  provider.register();
  const tracer = trace.getTracer("hallpass");

  return {
    start({ method = "GET", headers }, route, requestId) {
      const parent = propagation.extract(ROOT_CONTEXT, headers);
      const attributes = {
        "http.request.method": method,
        "http.route": route,
        ...(requestId && { "hallpass.request_id": requestId }),
      };
      const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
      const own = trace.setSpan(parent, span);
      return {
        within: (work) => context.with(own, work),
        end(status) {
          span.setAttribute("http.response.status_code", status);
          if (status >= 500) span.setAttribute("error.type", String(status)).setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    follow: (dataSource) => void dataSource.subscribers.push(statementSpans(dataSource.options.type)),
    close: () => Promise.race([provider.shutdown().catch(() => {}), sleep(closeLimitMs, undefined, { ref: false })]),
  };

  /** Statements outside requests, such as the change feed's, have no spans. */
  function statementSpans(type: DataSource["options"]["type"]): EntitySubscriberInterface {
    const began = new WeakMap<QueryRunner, number>();
    const system = type === "better-sqlite3" ? "sqlite" : type;
    return {
      beforeQuery: ({ queryRunner }) => void began.set(queryRunner, Date.now()),
      afterQuery({ query, queryRunner, success }) {
        if (!trace.getActiveSpan()) return;
        const attributes = { "db.system.name": system, "db.query.text": query };
        const startTime = began.get(queryRunner) ?? Date.now();
        const span = tracer.startSpan(summaryOf(query), { kind: SpanKind.CLIENT, attributes, startTime });
        if (!success) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }
}

/** The fields of log lines that name the trace they belong to. */
export function traceFields(): object {
  const span = trace.getActiveSpan();
  if (!span) return {};
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId };
}

/** Describes the current request's GraphQL operation. Its text may contain values and is left out. */
export function traceOperation(type: string, name: string | null): void {
  trace.getActiveSpan()?.setAttributes({
    "graphql.operation.type": type,
    ...(name && { "graphql.operation.name": name }),
  });
}

/** Comments and the time limit that precede a statement. */
const preamble = /^(?:\/\*.*?\*\/|SET STATEMENT \S+ FOR|\s+)*/;

/** The operation and its first table, e.g. `SELECT api_token`. */
function summaryOf(query: string): string {
  const [operation = ""] = query.replace(preamble, "").split(/\s/, 1);
  const [, table] = /\b(?:FROM|INTO|UPDATE)\s+[`"]?(\w+)/i.exec(query) ?? [];
  return table ? `${operation.toUpperCase()} ${table}` : operation.toUpperCase();
}

function diagnostics(logger: Logger) {
  const warn = (message: string) => logger.warn({ detail: message }, "traces cannot be sent");
  const ignore = () => {};
  return { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
}

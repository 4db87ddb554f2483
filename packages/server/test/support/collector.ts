import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A span as the collector received it. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  /** Empty if it has none. */
  parentId: string;
  name: string;
  attributes: Record<string, string | number>;
}

/** An OpenTelemetry collector that keeps the spans sent to it. */
export class Collector {
  /** All bytes received. */
  received = Buffer.alloc(0);
  readonly spans: ReceivedSpan[] = [];
  readonly paths = new Set<string>();
  /** Of the process that sent the spans. */
  resource: Record<string, string | number> = {};
  private readonly server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    this.received = Buffer.concat([this.received, body]);
    this.paths.add(request.url ?? "");
    this.read(body);
    response.end();
  });

  start(): Promise<string> {
    return new Promise((resolve) => {
      this.server.listen(0, "127.0.0.1", () =>
        resolve(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}`),
      );
    });
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Field numbers: opentelemetry-proto, trace.proto and common.proto. */
  private read(body: Buffer): void {
    for (const resourceSpans of messages(body, 1)) {
      this.resource = attributesOf(messages(resourceSpans, 1)[0] ?? Buffer.alloc(0), 1);
      for (const scopeSpans of messages(resourceSpans, 2))
        for (const span of messages(scopeSpans, 2)) {
          const bytes = (field: number) => messages(span, field)[0] ?? Buffer.alloc(0);
          this.spans.push({
            traceId: bytes(1).toString("hex"),
            spanId: bytes(2).toString("hex"),
            parentId: bytes(4).toString("hex"),
            name: bytes(5).toString(),
            attributes: attributesOf(span, 9),
          });
        }
    }
  }
}

function attributesOf(message: Buffer, field: number): Record<string, string | number> {
  return Object.fromEntries(
    messages(message, field).map((pair) => {
      const [key, value] = [1, 2].map((each) => messages(pair, each)[0] ?? Buffer.alloc(0)) as [Buffer, Buffer];
      return [key.toString(), messages(value, 1)[0]?.toString() ?? Number(fieldsOf(value)[0]?.value)];
    }),
  );
}

const messages = (message: Buffer, field: number): Buffer[] =>
  fieldsOf(message).flatMap(({ number, value }) => (number === field && value instanceof Buffer ? [value] : []));

/** Protocol Buffers' wire format. */
function fieldsOf(message: Buffer): { number: number; value: Buffer | bigint }[] {
  const fields: { number: number; value: Buffer | bigint }[] = [];
  let at = 0;
  const varint = () => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = message[at++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
      shift += 7n;
    }
  };
  const take = (length: number) => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    const type = key & 7;
    const value = type === 0 ? varint() : take(type === 1 ? 8 : type === 5 ? 4 : Number(varint()));
    fields.push({ number: key >> 3, value });
  }
  return fields;
}

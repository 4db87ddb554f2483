import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  headers: Record<string, string>;
  body: string;
  /** The parsed body. */
  message: { type: string; timestamp: string; data: Record<string, unknown> & { sequence: number } };
}

type Answer = number | "hang" | "close" | ((response: ServerResponse) => void);

/** Receives webhooks, and answers them as told. */
export class Receiver {
  readonly received: Received[] = [];
  connections = 0;
  /** To every request, unless `next` has an answer. */
  answer: Answer = 204;
  /** To the next requests, in order. */
  next: Answer[] = [];

  private constructor(private readonly server: ReturnType<typeof createServer>) {
    server.on("connection", () => this.connections++);
    server.on("request", (request, response) => void this.take(request, response));
  }

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hooks`;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += chunk;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    this.received.push({ headers, body, message: JSON.parse(body) });
    const answer = this.next.shift() ?? this.answer;
    if (answer === "close") request.socket.destroy();
    else if (typeof answer === "number") response.writeHead(answer).end(`Answer ${answer}`);
    else if (answer !== "hang") answer(response);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

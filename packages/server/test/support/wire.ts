import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import { type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How a wire treats requests. `answerLost`: the server answers, but the response never arrives. */
type State = "open" | "cut" | "hung" | "answerLost";

/** A wire between a client and an HTTP server, which can be cut, hang, lose answers or be slow. */
export class Wire {
  state: State = "open";
  /** Delay of each answer, in ms. */
  delayMs = 0;
  /** Paths of all requests, oldest first. */
  readonly paths: string[] = [];
  private readonly server = createServer((request, response) => void this.carry(request, response));

  private constructor(private readonly target: () => string) {}

  static async to(target: () => string): Promise<Wire> {
    const wire = new Wire(target);
    await new Promise<void>((resolve) => wire.server.listen(0, "127.0.0.1", resolve));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.paths.push(request.url ?? "");
    if (this.state === "cut") return void request.socket.destroy();
    if (this.state === "hung") return;
    const { method, headers, url } = request;
    const onward = send(new URL(url ?? "/", this.target()), { method, headers });
    onward.on("error", () => request.socket.destroy());
    onward.on("response", async (answer) => {
      await sleep(this.delayMs);
      if (this.state === "cut" || this.state === "answerLost") return void request.socket.destroy();
      if (this.state === "hung") return;
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  }
}

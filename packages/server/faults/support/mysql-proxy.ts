import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A statement or its reply can be lost with the connection. */
export type Fate = "passes" | "request lost" | "reply lost";

const comQuery = 3;
const headerLength = 4;

/**
 * A proxy between Hallpass and the database that reads just enough of MySQL's protocol (without TLS or compression) to
 * decide about each statement. A lost reply is one that the database has sent.
 */
export class MysqlProxy {
  /** Decides about each statement before it is forwarded. */
  fateOf: (sql: string) => Fate = () => "passes";
  /** Called when a statement or its reply is lost, before the connection closes. */
  onLoss: () => void = () => {};
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {}

  static async start(target: number): Promise<MysqlProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new MysqlProxy(server, target);
    server.on("connection", (client) => proxy.relay(client));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Settings that connect through the proxy. */
  settings(env: Record<string, string>): Record<string, string> {
    const { DATABASE_URL = "" } = env;
    return { ...env, DATABASE_URL: DATABASE_URL.replace(`:${this.target}/`, `:${this.port}/`) };
  }

  stop(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private relay(client: Socket): void {
    const database = connect({ port: this.target, host: "127.0.0.1", noDelay: true });
    const cut = () => {
      for (const socket of [client, database]) socket.destroy();
    };
    let isReplyLost = false;
    let rest: Buffer = Buffer.alloc(0);
    for (const socket of [client, database]) {
      this.sockets.add(socket);
      socket.on("error", cut).on("close", () => {
        this.sockets.delete(socket);
        cut();
      });
    }
    const lose = () => {
      this.onLoss();
      cut();
    };
    database.on("data", (chunk) => (isReplyLost ? lose() : client.write(chunk)));
    client.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let packet = firstPacket(rest); packet; packet = firstPacket(rest)) {
        rest = rest.subarray(packet.length);
        const fate = fateOf(packet, this.fateOf);
        if (fate === "request lost") return lose();
        isReplyLost ||= fate === "reply lost";
        database.write(packet);
      }
    });
  }
}

/** A packet has three bytes of length, one of its sequence number, and the content. */
function firstPacket(buffer: Buffer): Buffer | null {
  if (buffer.length < headerLength) return null;
  const length = headerLength + buffer.readUIntLE(0, 3);
  return buffer.length < length ? null : buffer.subarray(0, length);
}

function fateOf(packet: Buffer, decide: (sql: string) => Fate): Fate {
  const isStatement = packet[3] === 0 && packet[headerLength] === comQuery;
  return isStatement ? decide(packet.toString("utf8", headerLength + 1)) : "passes";
}

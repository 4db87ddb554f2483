import { EventEmitter, once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

export interface Email {
  recipients: string[];
  isAccepted: boolean;
  /** Headers and body, with soft line breaks joined. */
  text: string;
}

/** Receives emails, and rejects them as told. */
export class MailServer {
  received: Email[] = [];
  /** The code and text that each recipient is rejected with, if any. */
  rejects: (recipient: string) => readonly [code: number, text: string] | null = () => null;
  password = "secret";
  logins = 0;
  /** Whether an email that has arrived is then rejected for now. */
  rejectsAtEnd = () => false;
  /** How long it takes to accept an email, in ms. */
  delayMs = 0;
  private readonly asked = new EventEmitter();
  private server: SMTPServer | null = null;
  private port = 0;

  static async start(): Promise<MailServer> {
    const started = new MailServer();
    await started.resume();
    return started;
  }

  get url(): string {
    return `smtp://robot:secret@127.0.0.1:${this.port}`;
  }

  /** Resolves when an email has arrived, before it is accepted. */
  async isAsked(): Promise<void> {
    await once(this.asked, "email");
  }

  async resume(): Promise<void> {
    const server = new SMTPServer({
      allowInsecureAuth: true,
      disabledCommands: ["STARTTLS"],
      onAuth: ({ username, password }, _session, done) => {
        this.logins++;
        if (username === "robot" && password === this.password) done(null, { user: username });
        else done(new Error("Denied"));
      },
      onRcptTo: ({ address }, _session, done) => {
        const [responseCode, text] = this.rejects(address) ?? [null, ""];
        done(responseCode === null ? null : Object.assign(new Error(text), { responseCode }));
      },
      onData: (stream, session, done) => {
        const failure = Object.assign(new Error("4.3.0 Try again later"), { responseCode: 451 });
        this.take(stream, session).then((isAccepted) => done(isAccepted ? null : failure), done);
      },
    });
    server.listen(this.port, "127.0.0.1");
    await once(server.server, "listening");
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
  }

  private async take(stream: AsyncIterable<Buffer>, { envelope }: SMTPServerSession): Promise<boolean> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    this.asked.emit("email");
    await sleep(this.delayMs, undefined, { ref: false });
    const text = Buffer.concat(chunks)
      .toString("utf8")
      .replace(/=\r\n|(?<=\r\n)\r(?=\n)/g, "")
      .replaceAll("\r\n", "\n");
    const isAccepted = !this.rejectsAtEnd();
    this.received.push({ recipients: envelope.rcptTo.map(({ address }) => address), isAccepted, text });
    return isAccepted;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

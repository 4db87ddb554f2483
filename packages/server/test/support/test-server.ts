import type { FastifyInstance } from "fastify";
import type { Logger as SqlLogger } from "typeorm";
import { createAppContext } from "../../src/app/create-app-context.js";
import { createServer } from "../../src/app/server.js";
import type { AppContext } from "../../src/context/app-context.js";
import { type ApplyOptions, applyPlatform } from "../../src/features/platform/apply-platform.js";
import type { Platform } from "../../src/features/platform/platform-file.js";
import { readConfig } from "../../src/infra/config.js";
import { createLogger } from "../../src/infra/logger.js";
import { Client, type Data } from "./client.js";
import { createDatabase, type TestDatabase } from "./database.js";
import { modules, type Person, password, people, testPlatform } from "./platform.js";

export interface CreatedToken {
  id: string;
  name: string;
  value: string;
  version: number;
}

/** Statements of the change feed, which runs continuously on the connections of checks. */
const ofChangeFeed = /FROM .(database_history|audit_head|audit_record). /;

/** Servers left open, e.g. by a failed test. */
const open = new Set<TestServer>();
afterAll(async () => {
  for (const server of open) await server.close();
});

/** The server's clock. */
export class Clock {
  private offset = 0;
  private fixed: Date | null = null;
  now = (): Date => this.fixed ?? new Date(Date.now() + this.offset);
  advance(ms: number): void {
    this.offset += ms;
  }
  /** Stops the clock at this moment. Null resumes it. */
  stopAt(at: Date | null): void {
    this.fixed = at;
  }
}

/** The real server on a free port, with its own database. */
export class TestServer {
  readonly clock = new Clock();
  /** All log lines. */
  readonly log: string[] = [];
  /** The SQL statements since `statementsOf` began. */
  private statements: string[] | null = null;
  private removal: Promise<void> | null = null;
  private readonly signedIn = new Map<Person, Promise<Client>>();

  private constructor(
    readonly database: TestDatabase,
    readonly app: AppContext,
    private server: FastifyInstance | null,
    readonly url: string,
  ) {}

  static async start({
    env = {},
    database,
    platform = testPlatform(),
  }: {
    env?: Record<string, string>;
    database?: TestDatabase;
    platform?: Platform | null;
  } = {}): Promise<TestServer> {
    const on = database ?? (await createDatabase());
    const config = readConfig({ PORT: "0", TRUST_PROXY: "127.0.0.1", LOG_LEVEL: "trace", ...on.env, ...env });
    const lines: string[] = [];
    const app = await createAppContext(
      config,
      createLogger(config.logLevel, { write: (line) => void lines.push(line) }),
    );
    if (platform) await applyPlatform(app, platform);
    const clock = new Clock();
    const context = { ...app, now: clock.now };
    const server = await createServer(context);
    const url = await server.listen({ host: "127.0.0.1", port: 0 });
    const started = new TestServer(on, context, server, url);
    Object.assign(started, { clock, log: lines });
    open.add(started);
    return started;
  }

  /** A client without a session. */
  nobody(): Client {
    return new Client(this.url);
  }

  program(value: string): Client {
    return new Client(this.url, { Authorization: `Bearer ${value}` });
  }

  /** The person's session, opened once per server. */
  as(person: Person): Promise<Client> {
    const known = this.signedIn.get(person);
    if (known) return known;
    const client = this.signIn(person);
    this.signedIn.set(person, client);
    return client;
  }

  /** A new session of the person. */
  async signIn(person: Person): Promise<Client> {
    const client = this.nobody();
    const { userErrors } = await client.mutate("signIn", { email: people[person].email, password });
    if (userErrors.length > 0) throw new Error(`${person} cannot sign in: ${JSON.stringify(userErrors)}`);
    return client;
  }

  async createToken(input: Record<string, unknown> = {}, by: Person | Client = "admin"): Promise<CreatedToken> {
    const client = by instanceof Client ? by : await this.as(by);
    const { apiToken, value, userErrors } = await client.mutate("createApiToken", {
      name: "Robot",
      moduleIds: [modules.catalogue],
      ...input,
    });
    if (userErrors.length > 0) throw new Error(`The token was not created: ${JSON.stringify(userErrors)}`);
    return { id: apiToken.id, name: apiToken.name, value, version: apiToken.version };
  }

  /** Creates a token with this status. */
  async createTokenThatIs(
    status: "ACTIVE" | "DISABLED" | "DELETED",
    input: Record<string, unknown> = {},
    by: Person = "admin",
  ): Promise<CreatedToken> {
    const token = await this.createToken(input, by);
    const client = await this.as(by);
    if (status !== "ACTIVE")
      await client.mutate(status === "DISABLED" ? "disableApiToken" : "deleteApiToken", { id: token.id });
    return token;
  }

  /** The account's trail, oldest first. */
  async trail(by: Person | Client = "admin", filter: object = {}): Promise<Data[]> {
    const client = by instanceof Client ? by : await this.as(by);
    const records: Data[] = [];
    for (let after: string | null = null; ; ) {
      const { auditTrail }: Data = await client.data(
        `query ($after: String, $filter: AuditRecordFilter) { auditTrail(first: 100, after: $after, filter: $filter) {
          nodes { id sequence at event summary objectId objectName actor { __typename id name } ip userAgent details }
          pageInfo { hasNextPage endCursor } } }`,
        { after, filter },
      );
      records.push(...auditTrail.nodes);
      if (!auditTrail.pageInfo.hasNextPage) return records.reverse();
      after = auditTrail.pageInfo.endCursor;
    }
  }

  /** Applies a platform file, like the command line, and returns its changes. */
  async apply(platform: Platform, options?: ApplyOptions): Promise<string[]> {
    return (await applyPlatform(this.app, platform, options)).changes;
  }

  /** Runs SQL, for what no client can see or do. Parameters are written as `?`. */
  // biome-ignore lint/suspicious/noExplicitAny: rows of any table.
  sql(statement: string, parameters: unknown[] = []): Promise<any> {
    return this.app.dataSource.query(statement, parameters);
  }

  /** The SQL statements of the work and of checks, without those of the change feed. `seen` is called with each before it runs. */
  async statementsOf(
    work: () => Promise<unknown>,
    seen: (sql: string) => void = () => {},
    { withFeed = false } = {},
  ): Promise<string[]> {
    const statements: string[] = [];
    this.statements = statements;
    const silent = () => {};
    const logger = (source: unknown): SqlLogger => ({
      logQuery: (query) => {
        if (!withFeed && source === this.app.checks && ofChangeFeed.test(query)) return;
        this.statements?.push(query);
        seen(query);
      },
      logQueryError: silent,
      logQuerySlow: silent,
      logSchemaBuild: silent,
      logMigration: silent,
      log: silent,
    });
    const sources = [this.app.dataSource, this.app.checks];
    const before = sources.map((each) => each.logger);
    for (const each of sources) Object.assign(each, { logger: logger(each) });
    try {
      await work();
    } finally {
      this.statements = null;
      for (const [index, each] of sources.entries()) Object.assign(each, { logger: before[index] });
    }
    return statements;
  }

  /** Every method and path of the server, e.g. `GET /icons/:id`. HEAD is listed only without a GET. */
  routes(): string[] {
    const above: string[] = [];
    return (this.server?.printRoutes({ commonPrefix: false }) ?? "").split("\n").flatMap((line) => {
      const [, indent = "", path = "", methods = ""] = /^((?:[│ ] {3})*[├└]── )(.*?) \((.*)\)$/.exec(line) ?? [];
      if (!path) return [];
      const depth = indent.length / 4 - 1;
      above[depth] = `${depth > 0 ? above[depth - 1]?.replace(/\/$/, "") : ""}/${path.replace(/^\//, "")}`;
      const all = methods.split(", ");
      const told = all.filter((method) => method !== "HEAD" || !all.includes("GET"));
      return told.map((method) => `${method} ${above[depth]}`);
    });
  }

  /** Stops the server and keeps the database. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    open.delete(this);
    if (!server) return;
    await server.close();
    await this.app.close();
  }

  async close(): Promise<void> {
    await this.stop();
    this.removal ??= this.database.remove();
    await this.removal;
  }
}

/** A server for all tests of a `describe`. */
export function useServer(options?: Parameters<typeof TestServer.start>[0]): () => TestServer {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await TestServer.start(options);
  });
  afterAll(() => server?.close());
  return () => {
    if (!server) throw new Error("The server has not started.");
    return server;
  };
}

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openDataSource } from "../../src/db/data-source.js";
import { readConfig } from "../../src/infra/config.js";
import { Collector } from "../support/collector.js";
import { createDatabase, type TestDatabase } from "../support/database.js";
import { modules, type Person } from "../support/platform.js";
import { applyPlatformFile, HallpassProcess } from "../support/programs.js";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parentId = "00f067aa0ba902b7";
const traceparent = `00-${traceId}-${parentId}-01`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await applyPlatformFile(database.env);
});
afterAll(() => database.remove());

async function start(endpoint: string) {
  const env = { ...database.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, LOG_LEVEL: "info" };
  const logFile = join(database.dataDir, "log");
  const server = await HallpassProcess.start(env, logFile);
  const createToken = async (moduleId: string, by: Person = "admin"): Promise<{ id: string; value: string }> => {
    const client = await server.signIn(by);
    const { apiToken, value } = await client.mutate("createApiToken", { name: "Robot", moduleIds: [moduleId] });
    return { id: apiToken.id, value };
  };
  return { server, createToken, log: () => readFileSync(logFile, "utf8") };
}

/** Runs it while tokens cannot be read. */
async function withoutModules(work: () => Promise<unknown>): Promise<void> {
  const dataSource = await openDataSource(readConfig(database.env), []);
  await dataSource.query("ALTER TABLE api_token_module RENAME TO moved");
  await work();
  await dataSource.query("ALTER TABLE moved RENAME TO api_token_module");
  await dataSource.destroy();
}

describe("Traces", () => {
  const collector = new Collector();
  let log: string;
  let secrets: string[];

  beforeAll(async () => {
    const running = await start(await collector.start());
    const { server } = running;
    const verifier = await running.createToken(modules.tokenVerification, "operator");
    const token = await running.createToken(modules.accessManagement);
    const program = server.program(token.value);
    await program.fetch("/authorize", { headers: { traceparent } });
    await program.fetch("/authorize?module=MOD-1320");
    const query = 'query Tokens { apiTokens(filter: { name: { startsWith: "hunter2" } }) { nodes { id name } } }';
    await program.fetch("/graphql", {
      method: "POST",
      headers: { traceparent, "Content-Type": "application/json", "X-Request-Id": "quoted-1" },
      body: JSON.stringify({ query }),
    });
    const headers = { "Content-Type": "application/x-www-form-urlencoded", traceparent: "00-nonsense" };
    const body = new URLSearchParams({ token: token.value }).toString();
    await server.program(verifier.value).fetch("/oauth2/introspect", { method: "POST", headers, body });
    await program.fetch(`/no/such/path?${token.value}`);
    await program.fetch("/healthz");
    const cold = await running.createToken(modules.orders);
    await withoutModules(() => server.program(cold.value).fetch("/authorize"));
    secrets = [
      token.value.slice(12, 44),
      verifier.value.slice(12, 44),
      createHash("sha256").update(token.value).digest("hex"),
    ];
    await server.stop();
    log = running.log();
  });
  afterAll(() => collector.stop());

  const named = (name: string) => collector.spans.filter((span) => span.name === name);
  const childrenOf = (span: { spanId: string }) => collector.spans.filter((each) => each.parentId === span.spanId);

  test("Spans are sent with OTLP over HTTP, as the service 'hallpass'", () => {
    expect([...collector.paths]).toEqual(["/v1/traces"]);
    expect(collector.resource["service.name"]).toBe("hallpass");
  });

  test("A check continues the gateway's trace, with the statements of a miss", () => {
    const [cold, denied] = named("GET /authorize");
    expect(cold).toMatchObject({ traceId, parentId, attributes: { "http.response.status_code": 200 } });
    expect(denied).toMatchObject({ parentId: "", attributes: { "http.response.status_code": 403 } });
    expect(denied?.traceId).not.toBe(traceId);
    expect(childrenOf(cold as never).map(({ name }) => name)).toContain("SELECT api_token");
    expect(childrenOf(denied as never)).toEqual([]);
  });

  test("A GraphQL span names the operation and the request, and contains its statements", () => {
    const span = named("POST /graphql").find((each) => each.traceId === traceId);
    expect(span).toMatchObject({
      parentId,
      attributes: {
        "http.response.status_code": 200,
        "graphql.operation.type": "query",
        "graphql.operation.name": "Tokens",
        "hallpass.request_id": "quoted-1",
      },
    });
    const statements = childrenOf(span as never);
    expect(statements.length).toBeGreaterThan(0);
    for (const { name, attributes } of statements) {
      expect(name).toMatch(/^SELECT (ix_)?api_token/);
      expect(attributes["db.query.text"]).toMatch(/\?.*LIMIT/s);
    }
  });

  test("A malformed traceparent starts a new trace", () => {
    const [span] = named("POST /oauth2/introspect");
    expect(span).toMatchObject({ parentId: "", traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  test("Unknown paths and health have no spans", () => {
    expect(collector.spans.filter(({ name }) => /no.such|health/.test(name))).toEqual([]);
  });

  test("Statements of the process itself have no spans", () => {
    const ids = new Set(collector.spans.map(({ spanId }) => spanId));
    const roots = collector.spans.filter((span) => span.parentId !== parentId && !ids.has(span.parentId));
    expect(roots.filter(({ name }) => !/^(GET|POST) \//.test(name))).toEqual([]);
  });

  test("No span contains a value, its digest, or what was searched for", () => {
    for (const secret of [...secrets, "hunter2", "quoted-1"])
      expect([secret, collector.received.includes(secret)]).toEqual([secret, secret === "quoted-1"]);
  });

  test("Log lines of a traced request name its trace", () => {
    const lineOf = (message: string) => JSON.parse(log.split("\n").find((each) => each.includes(message)) ?? "{}");
    const [, denied, failed] = named("GET /authorize");
    expect(lineOf("token denied")).toMatchObject({ trace_id: denied?.traceId, span_id: denied?.spanId });
    expect(failed?.attributes["http.response.status_code"]).toBe(500);
    expect(lineOf("request failed")).toMatchObject({ trace_id: failed?.traceId, span_id: failed?.spanId });
  });
});

test("Without a collector that answers, requests are answered, and the process stops as usual", async () => {
  const { server, createToken } = await start("http://127.0.0.1:9");
  const { value } = await createToken(modules.orders);
  expect(await server.check(value)).toBe(200);
  expect(await server.stop()).toBe(0);
});

import { currentEngine } from "./support/database.js";
import { modules } from "./support/platform.js";
import { until } from "./support/programs.js";
import { useServer } from "./support/test-server.js";

describe("Health endpoints", () => {
  const server = useServer();
  const ready = async () => {
    const answer = await server().nobody().fetch("/readyz");
    return { code: answer.status, ...((await answer.json()) as object) };
  };
  const metrics = async () => (await server().nobody().fetch("/metrics")).text();

  test("The health and readiness endpoints report ok", async () => {
    const alive = await server().nobody().fetch("/healthz");
    expect([alive.status, await alive.json()]).toEqual([200, { status: "ok" }]);
    expect(await ready()).toEqual({
      code: 200,
      status: "ok",
      database: "up",
      redis: "off",
      keys: "ok",
      proxy: "ok",
      details: [],
    });
  });

  test("An unknown URL returns 404 as a problem document", async () => {
    const answer = await server().nobody().fetch("/nothing/here");
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(await answer.json()).toMatchObject({ status: 404, title: "Not Found" });
  });

  test("The metrics count checks, sign-ins, cache hits, revocation lag and failures", async () => {
    const token = await server().createToken({ moduleIds: [modules.catalogue] });
    const program = server().program(token.value);
    for (const path of ["/authorize", "/authorize", `/authorize?module=${modules.orders}`]) await program.fetch(path);
    await server().program("hp_12345678_nonsense").fetch("/authorize");
    const nobody = server().nobody();
    await nobody.mutate("signIn", { email: "nobody@client.example", password: "wrong" });
    await (await server().as("admin")).mutate("disableApiToken", { id: token.id });
    await until(async () => /revocation_lag_seconds_count [1-9]/.test(await metrics()));
    const text = await metrics();
    for (const line of [
      /^hallpass_checks_total\{outcome="[a-z_]+"\} [1-9]/m,
      /^hallpass_checks_total\{outcome="insufficient_scope"\} 1$/m,
      /^hallpass_token_cache_hits [1-9]/m,
      /^hallpass_change_feed_age_seconds \d/m,
      /^hallpass_revocation_lag_seconds_bucket\{le="\+Inf"\} [1-9]/m,
      /^hallpass_usage_queue \d/m,
      /^hallpass_sign_ins_total\{outcome="good"\} [1-9]/m,
      /^hallpass_sign_ins_total\{outcome="refused"\} 1$/m,
      /^hallpass_faults_total 0$/m,
      ...(currentEngine === "mariadb"
        ? [/^hallpass_database_connections [1-9]/m, /^hallpass_database_connections_awaited 0$/m]
        : []),
    ])
      expect(text).toMatch(line);
    expect(text).not.toContain(token.id);
  });

  test("An internal error is counted, logged with its request ID and not shown to the client", async () => {
    const admin = await server().as("admin");
    await server().sql("ALTER TABLE api_token_module RENAME TO lost");
    const answer = await admin.ask("{ apiTokens { nodes { modules { id } } } }");
    await server().sql("ALTER TABLE lost RENAME TO api_token_module");
    expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([500, "INTERNAL_SERVER_ERROR"]);
    expect(answer.text).not.toMatch(/lost|api_token_module/);
    const requestId = answer.headers.get("x-request-id");
    const logged = server()
      .log.map((line) => JSON.parse(line))
      .filter(({ reqId }) => reqId === requestId);
    expect(logged).toContainEqual(
      expect.objectContaining({
        level: 50,
        msg: "request failed",
        err: expect.objectContaining({ message: expect.stringContaining("api_token_module") }),
      }),
    );
    expect(await metrics()).toMatch(/^hallpass_faults_total [1-9]/m);
  });
});

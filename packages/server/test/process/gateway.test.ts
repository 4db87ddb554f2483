import { request } from "node:http";
import type { Client, Data } from "../support/client.js";
import { createSqliteDatabase, type TestDatabase } from "../support/database.js";
import { Api, folderOf, gateways } from "../support/gateways.js";
import { freePort } from "../support/mariadb.js";
import { accounts, modules } from "../support/platform.js";
import { applyPlatformFile, describeWith, HallpassProcess, type Running, until } from "../support/programs.js";

/** A gateway that appends the client's path and query to the check's URL. */
const appending = `
  location / {
    auth_request /check;
    proxy_pass http://127.0.0.1:9000;
  }
  location = /check {
    internal;
    proxy_pass http://127.0.0.1:4000/authorize/modules/MOD-1320$request_uri;
    proxy_pass_request_body off;
    proxy_set_header Content-Length "";
  }`;

/** The documented file with an operator's edits. */
function edited(file: string, text: string): string {
  if (file !== "nginx.conf") return text;
  return (
    text
      // A location whose requirement was forgotten, and one with a header of its own but without the include.
      .replace(
        "  location /orders/ {",
        "  location /nothing/ { proxy_pass http://127.0.0.1:9000/; }\n  location /unset/ { include hallpass-headers.conf; proxy_pass http://127.0.0.1:9000/; }\n$&",
      )
      .replace(
        "  location /orders/ {",
        "  location /bare/ { set $hallpass_needs any; proxy_set_header X-Own 1; proxy_pass http://127.0.0.1:9000/; }\n$&",
      )
      // A header of the operator's own.
      .replace("set $hallpass_needs any;", "$& proxy_set_header X-Own 1;")
      .replace("# if ($request_method = OPTIONS)", "if ($request_method = OPTIONS)")
  );
}

describeWith(["nginx"], "API behind nginx, as operators change docs/gateways/nginx.conf", () => {
  const api = new Api();
  let folder: ReturnType<typeof folderOf>;
  let database: TestDatabase;
  let hallpass: HallpassProcess;
  let nginx: Running;
  let appendingPort: number;
  let admin: Client;

  beforeAll(async () => {
    database = await createSqliteDatabase();
    await applyPlatformFile(database.env);
    hallpass = await HallpassProcess.start(database.env);
    admin = await hallpass.signIn("admin");
    const port = await freePort();
    appendingPort = await freePort();
    const more = `server { listen 127.0.0.1:${appendingPort}; ${appending} }`;
    const addresses = {
      gateway: port,
      hallpass: new URL(hallpass.url).host,
      api: await api.start(),
      verifier: { id: "", value: "" },
    };
    folder = folderOf(addresses, (file, text) => `${edited(file, text)}${file === "nginx.conf" ? more : ""}`);
    const [gateway] = gateways;
    if (gateway) nginx = await gateway.start(folder.path, port);
  });
  afterAll(async () => {
    await nginx?.kill();
    await hallpass?.kill();
    await database?.remove();
    api.stop();
    folder?.remove();
  });

  const createToken = async (...moduleIds: string[]): Promise<{ id: string; value: string }> => {
    const { apiToken, value } = await admin.mutate("createApiToken", { name: "Robot", moduleIds });
    return { id: apiToken.id, value };
  };
  const ask = (path: string, value?: string, init: { method?: string; body?: string; headers?: object } = {}) =>
    fetch(`http://127.0.0.1:${nginx.port}${path}`, {
      ...init,
      headers: { ...(value && { Authorization: `Bearer ${value}` }), ...init.headers },
    });

  /** Sends the target unchanged. HTTP clients would normalise it. */
  const askRaw = (port: number, target: string, value: string) =>
    new Promise<number>((resolve, reject) => {
      const headers = { Authorization: `Bearer ${value}` };
      const asking = request({ host: "127.0.0.1", port, path: target, headers, agent: false }, (answer) => {
        answer.resume().once("end", () => resolve(answer.statusCode ?? 0));
      });
      asking.once("error", reject).end();
    });
  /** Additions to a path by which a client might try to override the gateway's requirement. */
  const additions = [
    ...["?module=MOD-1310", "?module=", "?modules=x", "?", "?access_token=x", "#?module=MOD-1310", ";module=MOD-1310"],
    ...[
      "/any",
      "/../any",
      "/../../any",
      "/../../authorize/any",
      "/..%2fany",
      "/%2e%2e/any",
      "/.%2e/%2e./any",
      "/..;/any",
    ],
    ...[
      "//..//any",
      "%2f..%2f..%2fany",
      "%3Fmodule=MOD-1310",
      "%23",
      ",MOD-1310",
      "/modules/MOD-1310",
      "%00",
      "%0d%0a",
      "\\..\\any",
    ],
  ];

  test.each([
    ["a requirement", "/unset/1"],
    ["the include", "/bare/1"],
    ["either", "/nothing/1"],
  ])("A location without %s returns 503 and does not reach the API", async (_what, path) => {
    const { value } = await createToken(modules.catalogue, modules.orders);
    const asked = api.requests;
    expect(await askRaw(nginx.port, path, value)).toBe(503);
    expect(api.requests).toBe(asked);
  });

  test("A location with a header of its own still passes on no value and no forged header", async () => {
    const { id, value } = await createToken(modules.catalogue);
    const forged = { "Hallpass-Account": "ACC-9999-9999", "Hallpass-Token": "TKN-9999-9999" };
    expect((await ask("/things/1", value, { headers: forged })).status).toBe(200);
    expect(api.headers("hallpass-token")).toEqual([["hallpass-token", id]]);
    expect(api.headers("hallpass-account")).toEqual([["hallpass-account", accounts.client]]);
    expect(api.headers("authorization")).toEqual([]);
    expect(api.headers("x-own")).toEqual([["x-own", "1"]]);
  });

  test("With the OPTIONS line, preflights reach the API without a token, and nothing else does", async () => {
    const asked = api.requests;
    expect((await ask("/orders/1", undefined, { method: "OPTIONS" })).status).toBe(200);
    expect(api.requests).toBe(asked + 1);
    expect((await ask("/orders/1", undefined, { method: "POST" })).status).toBe(401);
    expect(api.requests).toBe(asked + 1);
  });

  test("A gateway that appends the client’s path and query still requires its module", async () => {
    const without = await createToken(modules.catalogue);
    const having = await createToken(modules.orders);
    const asked = api.requests;
    for (const each of additions) expect(await askRaw(appendingPort, `/1${each}`, without.value)).not.toBe(200);
    for (const target of ["/", "/?module=MOD-1310", "/../any", "/..%2fany", "/any", "/%2e%2e/%2e%2e/any"])
      expect([400, 403]).toContain(await askRaw(appendingPort, target, without.value));
    expect(api.requests).toBe(asked);
    for (const target of ["/", "/1?module=MOD-9999", "/1?access_token=x", "/1?modules=&x[]=y"])
      expect({ target, status: await askRaw(appendingPort, target, having.value) }).toEqual({ target, status: 200 });
  });

  test("Hallpass records the client’s user agent but not its forged X-Forwarded-For", async () => {
    const { id, value } = await createToken(modules.catalogue);
    await ask("/things/1", value, { headers: { "X-Forwarded-For": "203.0.113.9", "User-Agent": "robot/1" } });
    const query = "query ($id: ID!) { apiToken(id: $id) { lastAccessIp lastAccessUserAgent } }";
    let known: Data;
    await until(async () => {
      known = (await admin.data(query, { id })).apiToken;
      return known.lastAccessIp !== null;
    });
    expect(known).toEqual({ lastAccessIp: "127.0.0.1", lastAccessUserAgent: "robot/1" });
  });
});

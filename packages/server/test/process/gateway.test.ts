import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client, Data } from "../support/client.js";
import { createSqliteDatabase, type TestDatabase } from "../support/database.js";
import { freePort } from "../support/mariadb.js";
import { accounts, modules } from "../support/platform.js";
import {
  applyPlatformFile,
  describeWith,
  HallpassProcess,
  type Running,
  startProgram,
  until,
} from "../support/programs.js";

/** The documented configuration. */
const documented = readFileSync(join(__dirname, "../../../../docs/gateways/nginx.conf"), "utf8");
/** The short one in README.md, for a server block. */
const [, inReadme = ""] =
  /```nginx\n(.*?)```/s.exec(readFileSync(join(__dirname, "../../../../README.md"), "utf8")) ?? [];
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

/** The API behind the gateway, and the last request it received. */
class Api {
  last: IncomingHttpHeaders = {};
  lastUrl = "";
  requests = 0;
  received = 0;
  private readonly server: Server = createServer((request, response) => {
    this.requests++;
    this.last = request.headers;
    this.lastUrl = request.url ?? "";
    this.received = 0;
    request.on("data", (chunk) => {
      this.received += chunk.length;
    });
    request.on("end", () => response.end("from the API"));
  });

  start(): Promise<number> {
    return new Promise((resolve) => {
      this.server.listen(0, "127.0.0.1", () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describeWith(["nginx"], "API behind nginx with docs/gateways/nginx.conf", () => {
  const api = new Api();
  const folder = mkdtempSync(join(tmpdir(), "hallpass-nginx-"));
  let database: TestDatabase;
  let hallpass: HallpassProcess;
  let nginx: Running;
  let readme: number;
  let appendingPort: number;
  let admin: Client;

  beforeAll(async () => {
    database = await createSqliteDatabase();
    await applyPlatformFile(database.env);
    hallpass = await HallpassProcess.start(database.env);
    admin = await hallpass.signIn("admin");
    const port = await freePort();
    readme = await freePort();
    appendingPort = await freePort();
    const server = (listen: number, locations: string) => `server { listen 127.0.0.1:${listen}; ${locations} }`;
    // As if an operator added a location and forgot the requirement.
    const forgetful = documented.replace(
      "location /orders/ {",
      "location /unset/ { proxy_pass http://127.0.0.1:9000/; }\n  $&",
    );
    const site = [forgetful, server(readme, inReadme), server(appendingPort, appending)]
      .join("\n")
      .replaceAll("127.0.0.1:8080", `127.0.0.1:${port}`)
      .replaceAll("127.0.0.1:4000", new URL(hallpass.url).host)
      .replaceAll("127.0.0.1:9000", `127.0.0.1:${await api.start()}`);
    nginx = await startProgram("nginx", ["-c", settingsWith(site, folder), "-p", folder, "-e", "error.log"], port);
  });
  afterAll(async () => {
    await nginx?.kill();
    await hallpass?.kill();
    await database?.remove();
    api.stop();
    rmSync(folder, { recursive: true, force: true });
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

  test("A valid token is allowed, and the API gets its ID, account and modules but never the value", async () => {
    const { id, value } = await createToken(modules.catalogue);
    const forged = { "Hallpass-Account": accounts.vendor, "Hallpass-Modules": modules.helpdesk };
    const answer = await ask("/things", value, { headers: forged });
    expect([answer.status, await answer.text()]).toEqual([200, "from the API"]);
    expect(api.last).toMatchObject({
      "hallpass-account": accounts.client,
      "hallpass-token": id,
      "hallpass-modules": modules.catalogue,
    });
    expect(api.last).not.toHaveProperty("authorization");
  });

  test("A request with a body reaches the API", async () => {
    const { value } = await createToken(modules.catalogue);
    const answer = await ask("/things", value, { method: "POST", body: "x".repeat(100_000) });
    expect([answer.status, api.received]).toEqual([200, 100_000]);
  });

  test("A request without a valid token gets 401 with the challenge and does not reach the API", async () => {
    const asked = api.requests;
    const none = await ask("/things");
    expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="hallpass"']);
    const wrong = await ask("/things", "hp_12345678_not-a-value");
    expect([wrong.status, wrong.headers.get("www-authenticate")]).toEqual([
      401,
      'Bearer realm="hallpass", error="invalid_token"',
    ]);
    expect(api.requests).toBe(asked);
  });

  test("A request with a disabled token gets 401", async () => {
    const { id, value } = await createToken(modules.catalogue);
    expect((await ask("/things", value)).status).toBe(200);
    await admin.mutate("disableApiToken", { id });
    expect((await ask("/things", value)).status).toBe(401);
  });

  test("A path that requires a module returns 403 without it and is allowed with it", async () => {
    const without = await createToken(modules.catalogue);
    const having = await createToken(modules.catalogue, modules.orders);
    expect((await ask("/orders/1", without.value)).status).toBe(403);
    expect((await ask("/orders/1", having.value)).status).toBe(200);
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

  test("A client’s path and query cannot bypass the required module", async () => {
    const without = await createToken(modules.catalogue);
    const paths = additions.flatMap((each) => [`/orders/1${each}`, `/orders${each}`, `/things${each}`]);
    const crossing = ["/things/../orders/1", "/things/..%2forders/1", "//orders/1", "/%6frders/1", "/./orders//1"];
    for (const target of [...paths, ...crossing, ...crossing.map((each) => `${each}?module=MOD-1310`)]) {
      api.lastUrl = "";
      const status = await askRaw(nginx.port, target, without.value);
      expect({ target, url: api.lastUrl }).toEqual({ target, url: expect.not.stringMatching(/^\/orders([/?]|$)/) });
      if (target.startsWith("/orders/1?")) expect({ target, status }).toEqual({ target, status: 403 });
    }
  });

  test("A location without a requirement returns 500 and does not reach the API", async () => {
    const { value } = await createToken(modules.catalogue, modules.orders);
    const asked = api.requests;
    expect(await askRaw(nginx.port, "/unset/1", value)).toBe(500);
    expect(api.requests).toBe(asked);
  });

  test("The nginx lines in README.md require the module, whatever the client’s path and query", async () => {
    const without = await createToken(modules.catalogue);
    const having = await createToken(modules.orders);
    for (const rest of ["", "?module=MOD-1310", "?modules=", "/..%2f1", "/2?module=MOD-9999"]) {
      expect({ rest, status: await askRaw(readme, `/orders/1${rest}`, without.value) }).toEqual({ rest, status: 403 });
      expect({ rest, status: await askRaw(readme, `/orders/1${rest}`, having.value) }).toEqual({ rest, status: 200 });
      expect(api.last).toMatchObject({ "hallpass-token": having.id, "hallpass-modules": modules.orders });
    }
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
    await ask("/things", value, { headers: { "X-Forwarded-For": "203.0.113.9", "User-Agent": "robot/1" } });
    const query = "query ($id: ID!) { apiToken(id: $id) { lastAccessIp lastAccessUserAgent } }";
    let known: Data;
    await until(async () => {
      known = (await admin.data(query, { id })).apiToken;
      return known.lastAccessIp !== null;
    });
    expect(known).toEqual({ lastAccessIp: "127.0.0.1", lastAccessUserAgent: "robot/1" });
  });

  test("nginx returns 500 while Hallpass is unavailable", async () => {
    const { value } = await createToken(modules.catalogue);
    await hallpass.kill();
    const asked = api.requests;
    expect((await ask("/things", value)).status).toBe(500);
    expect(api.requests).toBe(asked);
  });
});

/** The nginx settings that the document leaves to the installation. */
function settingsWith(site: string, folder: string): string {
  const path = join(folder, "nginx.conf");
  for (const each of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) mkdirSync(join(folder, each));
  writeFileSync(
    path,
    `daemon off;
    master_process off;
    pid nginx.pid;
    events {}
    http {
      access_log off;
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      ${site}
    }`,
  );
  return path;
}

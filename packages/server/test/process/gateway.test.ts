import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
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

/** The one that people are told to use. */
const documented = readFileSync(join(__dirname, "../../../../docs/gateways/nginx.conf"), "utf8");

/** What is behind the gateway, and what reached it last. */
class Api {
  last: IncomingHttpHeaders = {};
  requests = 0;
  received = 0;
  private readonly server: Server = createServer((request, response) => {
    this.requests++;
    this.last = request.headers;
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

describeWith(["nginx"], "an API behind nginx with docs/gateways/nginx.conf", () => {
  const api = new Api();
  const folder = mkdtempSync(join(tmpdir(), "hallpass-nginx-"));
  let database: TestDatabase;
  let hallpass: HallpassProcess;
  let nginx: Running;
  let admin: Client;

  beforeAll(async () => {
    database = await createSqliteDatabase();
    await applyPlatformFile(database.env);
    hallpass = await HallpassProcess.start(database.env);
    admin = await hallpass.signIn("admin");
    const port = await freePort();
    const site = documented
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

  test("a good token passes, and the API learns whose it is but never the value", async () => {
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

  test("a request with a body passes as well", async () => {
    const { value } = await createToken(modules.catalogue);
    const answer = await ask("/things", value, { method: "POST", body: "x".repeat(100_000) });
    expect([answer.status, api.received]).toEqual([200, 100_000]);
  });

  test("without a token, and with one that is not good, the client gets 401 with the challenge, and the API is not asked", async () => {
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

  test("a token that has been disabled is 401 from then on", async () => {
    const { id, value } = await createToken(modules.catalogue);
    expect((await ask("/things", value)).status).toBe(200);
    await admin.mutate("disableApiToken", { id });
    expect((await ask("/things", value)).status).toBe(401);
  });

  test("where a module is needed, a token without it is 403 and one that has it passes", async () => {
    const without = await createToken(modules.catalogue);
    const having = await createToken(modules.catalogue, modules.orders);
    expect((await ask("/orders/1", without.value)).status).toBe(403);
    expect((await ask("/orders/1", having.value)).status).toBe(200);
  });

  test("Hallpass records the client's address, not nginx'", async () => {
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

  test("while Hallpass is away nothing passes: 500", async () => {
    const { value } = await createToken(modules.catalogue);
    await hallpass.kill();
    const asked = api.requests;
    expect((await ask("/things", value)).status).toBe(500);
    expect(api.requests).toBe(asked);
  });
});

/** All of nginx' own settings that the document leaves to the installation. */
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

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "../test/support/client.js";
import { createMariadbDatabase, type TestDatabase } from "../test/support/database.js";
import { freePort, type Mariadb, startMariadb } from "../test/support/mariadb.js";
import {
  applyPlatformFile,
  describeWith,
  HallpassProcess,
  type Running,
  startProgram,
  until,
} from "../test/support/programs.js";
import { recoveryLimitMs, scale } from "./support/scale.js";
import { count } from "./support/table.js";

const rounds = scale(40, 3);
const clients = 8;
const betweenMs = 500;

const documented = readFileSync(join(__dirname, "../../../docs/gateways/nginx.conf"), "utf8");

describeWith(["nginx", "mariadbd", "mariadb-install-db"], "Rolling restart of two servers behind nginx", () => {
  const folder = mkdtempSync(join(tmpdir(), "hallpass-nginx-"));
  const api = createServer((incoming, response) => incoming.resume().on("end", () => response.end("from the API")));
  let mariadb: Mariadb;
  let database: TestDatabase;
  let nginx: Running;
  let admin: Client;
  let gateway: string;
  let site: string;
  const ports: number[] = [];
  const processes: HallpassProcess[] = [];

  const startProcess = async (at: number) => {
    processes[at] = await HallpassProcess.start({ ...database.env, PORT: String(ports[at]) });
  };

  beforeAll(async () => {
    mariadb = await startMariadb({ durable: false });
    database = await createMariadbDatabase(mariadb.port);
    await applyPlatformFile(database.env);
    for (const at of [0, 1]) {
      ports.push(await freePort());
      await startProcess(at);
    }
    const [gatewayPort, sitePort] = [await freePort(), await freePort()];
    gateway = `http://127.0.0.1:${gatewayPort}`;
    site = `http://127.0.0.1:${sitePort}`;
    const settings = nginxSettings({ gatewayPort, sitePort, apiPort: await listen(api), ports, folder });
    nginx = await startProgram("nginx", ["-c", settings, "-p", folder, "-e", "error.log"], gatewayPort);
    admin = await (processes[0] as HallpassProcess).signIn("admin");
  });
  afterAll(async () => {
    await nginx?.kill();
    for (const each of processes) await each.kill();
    await mariadb?.remove();
    api.closeAllConnections();
    api.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test(`No check, query or change fails during a restart by SIGTERM (${rounds} ×)`, async () => {
    const { value } = await admin.mutate("createApiToken", { name: "Robot", moduleIds: ["MOD-1255"] });
    const load = new NginxLoad(`Bearer ${value}`);
    const running = [
      ...Array.from({ length: clients }, () => load.run(() => load.ask(`${gateway}/things`))),
      ...Array.from({ length: clients }, () => load.run(() => load.ask(`${site}/graphql`, query))),
      ...Array.from({ length: clients / 2 }, () => load.run(() => load.ask(`${site}/graphql`, load.creation()))),
    ];
    for (let round = 0; round < rounds; round++) {
      const enough = load.requests + 100;
      await sleep(betweenMs);
      await until(() => load.requests > enough);
      const began = performance.now();
      const status = await (processes[round % 2] as HallpassProcess).stop();
      const ms = performance.now() - began;
      count("stops", 1, status === 0 && ms < recoveryLimitMs ? 0 : 1, { ms });
      expect({ round, status, isInTime: ms < recoveryLimitMs }).toEqual({ round, status: 0, isInTime: true });
      await startProcess(round % 2);
    }
    load.isOver = true;
    await Promise.all(running);
    count("behindNginx", load.requests, load.failures.length);
    // The reasons in nginx's log, without numbers and IP addresses that vary.
    const reasons = readFileSync(join(folder, "error.log"), "utf8").match(/(?<=\*\d+ ).*?(?=, client|$)/gm) ?? [];
    expect([...load.failures.slice(0, 5), ...new Set(load.failures.length > 0 ? reasons : [])]).toEqual([]);

    const found = '{ apiTokens(filter: { name: { startsWith: "Created " } }) { totalCount } }';
    expect((await admin.data(found)).apiTokens.totalCount).toBe(load.created);
  });
});

const query = JSON.stringify({ query: "{ viewer { account { name } } apiTokens { nodes { id name } } }" });

/** Requests over persistent connections, as programs make them. */
class NginxLoad {
  isOver = false;
  requests = 0;
  created = 0;
  readonly failures: string[] = [];
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly authorization: string) {}

  async run(work: () => Promise<void>): Promise<void> {
    while (!this.isOver) {
      await work();
      await sleep(5);
    }
  }

  creation(): string {
    const input = { name: `Created ${++this.created}`, moduleIds: ["MOD-1255"] };
    const mutation =
      "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { userErrors { code } } }";
    return JSON.stringify({ query: mutation, variables: { input } });
  }

  async ask(url: string, body?: string): Promise<void> {
    const { agent, authorization } = this;
    this.requests++;
    const answer = await new Promise<string>((resolve) => {
      const sent = request(url, {
        agent,
        method: body ? "POST" : "GET",
        headers: { authorization, "content-type": "application/json" },
      });
      sent.on("error", (error) => resolve(String(error)));
      sent.on("response", (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("error", (error) => resolve(String(error)));
        response.on("end", () =>
          resolve(response.statusCode === 200 && !text.includes('errors"') ? "" : `${response.statusCode} ${text}`),
        );
      });
      sent.end(body);
    });
    if (answer) this.failures.push(`${body ?? "GET"}: ${answer.slice(0, 300)}`);
  }
}

interface NginxOptions {
  gatewayPort: number;
  sitePort: number;
  apiPort: number;
  ports: number[];
  folder: string;
}

/** The documented gateway with two Hallpass processes, which also serves the web app and GraphQL. */
function nginxSettings({ gatewayPort, sitePort, apiPort, ports, folder }: NginxOptions): string {
  const path = join(folder, "nginx.conf");
  // Otherwise nginx avoids a process for 10 s after a refused connection, and none is left when the next one stops.
  const servers = ports.map((port) => `server 127.0.0.1:${port} max_fails=0;`).join("\n");
  const conf = documented
    .replace("server 127.0.0.1:4000;", servers)
    .replaceAll("127.0.0.1:8080", `127.0.0.1:${gatewayPort}`)
    .replaceAll("127.0.0.1:9000", `127.0.0.1:${apiPort}`);
  for (const each of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) mkdirSync(join(folder, each));
  writeFileSync(
    path,
    `daemon off;
    master_process off;
    pid nginx.pid;
    events {}
    http {
      access_log off;
      keepalive_requests 1000000;
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      ${conf}
      server {
        listen 127.0.0.1:${sitePort};
        location / {
          proxy_pass http://hallpass;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
        }
      }
    }`,
  );
  return path;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

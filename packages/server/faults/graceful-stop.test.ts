import { execFile } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { Agent, createServer, request, type Server } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Client } from "../test/support/client.js";
import { createMariadbDatabase, type TestDatabase } from "../test/support/database.js";
import { folderOf, gateways } from "../test/support/gateways.js";
import { freePort, type Mariadb, startMariadb } from "../test/support/mariadb.js";
import { applyPlatformFile, describeWith, HallpassProcess, type Running, until } from "../test/support/programs.js";
import { withServers } from "./support/gateway.js";
import { recoveryLimitMs, scale } from "./support/scale.js";
import { count } from "./support/table.js";

const rounds = scale(40, 3);
const clients = 8;
const betweenMs = 500;

const run = promisify(execFile);

describeWith(
  ["nginx", "openssl", "mariadbd", "mariadb-install-db"],
  "Rolling restart of two servers behind nginx",
  () => {
    let folder: Folder;
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
      ({ nginx, gateway, site, folder } = await startNginx(await listen(api), ports));
      admin = await (processes[0] as HallpassProcess).signIn("admin");
    });
    afterAll(async () => {
      await nginx?.kill();
      for (const each of processes) await each.kill();
      await mariadb?.remove();
      api.closeAllConnections();
      api.close();
      folder?.remove();
    });

    test(`No check, query or change fails during a restart by SIGTERM (${rounds} ×)`, async () => {
      const { value } = await admin.mutate("createApiToken", { name: "Robot", moduleIds: ["MOD-1255"] });
      const load = new NginxLoad(`Bearer ${value}`);
      const running = [
        ...Array.from({ length: clients }, () => load.run(() => load.ask(`${gateway}/things/1`))),
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
      const reasons =
        readFileSync(join(folder.path, "error.log"), "utf8").match(/(?<=\*\d+ ).*?(?=, client|$)/gm) ?? [];
      expect([...load.failures.slice(0, 5), ...new Set(load.failures.length > 0 ? reasons : [])]).toEqual([]);

      const found = '{ apiTokens(filter: { name: { startsWith: "Created " } }) { totalCount } }';
      expect((await admin.data(found)).apiTokens.totalCount).toBe(load.created);
    });
  },
);

const query = JSON.stringify({ query: "{ viewer { account { name } } apiTokens { nodes { id name } } }" });

/** Requests over persistent connections, as programs make them. */
class NginxLoad {
  isOver = false;
  requests = 0;
  created = 0;
  readonly failures: string[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private readonly tlsAgent = new TlsAgent({ keepAlive: true, rejectUnauthorized: false });

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
    const { authorization } = this;
    const secure = url.startsWith("https:");
    const agent = secure ? this.tlsAgent : this.agent;
    this.requests++;
    const answer = await new Promise<string>((resolve) => {
      const sent = (secure ? tlsRequest : request)(url, {
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

/** The documented gateway, and the documented nginx in front of the two processes with the web app and GraphQL. */
async function startNginx(
  api: number,
  ports: number[],
): Promise<{ nginx: Running; gateway: string; site: string; folder: Folder }> {
  const [gateway, site] = [await freePort(), await freePort()];
  const [first, second] = ports.map((port) => `127.0.0.1:${port}`);
  const addresses = { gateway, hallpass: String(first), api, verifier: { id: "", value: "" } };
  const servers = withServers([String(first), String(second)]);
  const folder = folderOf(addresses, (file, text) =>
    servers(file, text).replaceAll("127.0.0.1:4001", String(second)).replaceAll("127.0.0.1:8443", `127.0.0.1:${site}`),
  );
  const at = (file: string) => join(folder.path, file);
  const certificate = ["-keyout", at("hallpass.key"), "-out", at("hallpass.crt"), "-subj", "/CN=hallpass.example"];
  await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...certificate]);
  const inFront = readFileSync(at("in-front-of-hallpass.conf"), "utf8").replaceAll("/etc/nginx/", `${folder.path}/`);
  appendFileSync(at("nginx.conf"), `keepalive_requests 1000000;\n${inFront}`);
  const nginx = await gateways[0]?.start(folder.path, gateway);
  if (!nginx) throw new Error("nginx is not the first gateway.");
  return { nginx, gateway: `http://127.0.0.1:${gateway}`, site: `https://127.0.0.1:${site}`, folder };
}

type Folder = ReturnType<typeof folderOf>;

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

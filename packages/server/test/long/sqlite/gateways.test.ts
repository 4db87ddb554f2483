import { Agent, request } from "node:http";
import type { Client } from "../../support/client.js";
import { createSqliteDatabase, type TestDatabase } from "../../support/database.js";
import { Api, folderOf, gateways } from "../../support/gateways.js";
import { freePort } from "../../support/mariadb.js";
import { accounts, modules } from "../../support/platform.js";
import {
  applyPlatformFile,
  describeWith,
  HallpassProcess,
  holdsWithinTheBound,
  type Running,
} from "../../support/programs.js";

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

interface Sent {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string;
  agent?: Agent;
}

/** Sends the target unchanged. HTTP clients would normalise it. */
function send(port: number, target: string, { method = "GET", headers = {}, body, agent }: Sent = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = request(
      { host: "127.0.0.1", port, path: target, method, headers, agent: agent ?? false },
      (answer) => {
        answer.resume().once("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
      },
    );
    sending.once("error", reject).end(body);
  });
}

const bearer = (value: string) => ({ Authorization: `Bearer ${value}` });

for (const gateway of gateways)
  describeWith(gateway.programs, `API behind ${gateway.name} with its file in docs/gateways`, () => {
    const api = new Api();
    const isApache = gateway.name === "Apache httpd";
    let database: TestDatabase;
    let hallpass: HallpassProcess;
    let running: Running;
    let folder: ReturnType<typeof folderOf>;
    let admin: Client;

    beforeAll(async () => {
      database = await createSqliteDatabase();
      await applyPlatformFile(database.env);
      hallpass = await HallpassProcess.start(database.env);
      admin = await hallpass.signIn("admin");
      const operator = await hallpass.signIn("operator");
      const verifier = await createToken([modules.tokenVerification], {}, operator);
      const port = await freePort();
      const ports = { gateway: port, inner: await freePort(), api: await api.start() };
      folder = folderOf({ ...ports, hallpass: new URL(hallpass.url).host, verifier });
      running = await gateway.start(folder.path, port);
    });
    afterAll(async () => {
      await running?.kill();
      await hallpass?.kill();
      await database?.remove();
      api.stop();
      folder?.remove();
    });

    async function createToken(moduleIds: string[], input: object = {}, by = admin) {
      const { apiToken, value } = await by.mutate("createApiToken", { name: "Robot", moduleIds, ...input });
      return { id: apiToken.id as string, value: value as string };
    }
    const ask = (target: string, value: string | null, sent: Sent = {}) =>
      send(running.port, target, { ...sent, headers: { ...(value && bearer(value)), ...sent.headers } });
    /** The status, and whether the API got the request. */
    async function seen(target: string, value: string | null, sent: Sent = {}) {
      const before = api.requests;
      const { status } = await ask(target, value, sent);
      return { status, reached: api.requests > before };
    }
    const denied = (status: number) => ({ status, reached: false });

    test("A valid token is allowed, and the API gets its ID, account and modules but never the value", async () => {
      const { id, value } = await createToken([modules.catalogue, modules.orders]);
      expect(await seen("/things/1?module=MOD-0000", value)).toEqual({ status: 200, reached: true });
      expect(api.headers("hallpass-token")).toEqual([["hallpass-token", id]]);
      expect(api.headers("hallpass-account")).toEqual([["hallpass-account", accounts.client]]);
      const [[, scope = ""] = []] = api.headers("hallpass-modules");
      expect(scope.split(" ").sort()).toEqual([modules.catalogue, modules.orders].sort());
      expect(JSON.stringify(api.lastHeaders)).not.toContain(value.slice(12));
      expect(api.lastUrl).toBe("/things/1?module=MOD-0000");
    });

    test("A missing or wrong token gets 401 with a challenge", async () => {
      expect(await seen("/things/1", null)).toEqual(denied(401));
      expect((await ask("/things/1", null)).headers["www-authenticate"]).toMatch(/^Bearer/);
      for (const value of ["junk", "hp_12345678_junk", ""]) expect(await seen("/things/1", value)).toEqual(denied(401));
      expect(await seen("/things/1", null, { headers: { Authorization: "Basic YTpi" } })).toEqual(denied(401));
    });

    test("A disabled token is denied within a second", async () => {
      const { id, value } = await createToken([modules.catalogue]);
      expect((await ask("/things/1", value)).status).toBe(200);
      await admin.mutate("disableApiToken", { id });
      await holdsWithinTheBound(async () => (await ask("/things/1", value)).status, 401);
      expect(await seen("/things/1", value)).toEqual(denied(401));
    });

    test("A path that requires a module returns 403 without it and is allowed with it", async () => {
      const without = await createToken([modules.catalogue]);
      const having = await createToken([modules.catalogue, modules.orders]);
      for (const query of ["", "?module=MOD-1310", "?module=", "?access_token=x"])
        expect(await seen(`/orders/1${query}`, without.value)).toEqual(denied(403));
      expect(await seen("/orders/1", having.value)).toEqual({ status: 200, reached: true });
      expect((await ask("/orders/1", without.value)).headers["www-authenticate"]).toContain("insufficient_scope");
    });

    test("A path below another requires its own modules, all of them", async () => {
      const one = [await createToken([modules.catalogue]), await createToken([modules.orders])];
      const both = await createToken([modules.catalogue, modules.orders]);
      for (const { value } of one) expect(await seen("/orders/refunds/1", value)).toEqual(denied(403));
      for (const target of [
        ...["/orders/refunds", "/orders/refunds?x", "/orders/Refunds/1", "/orders/REFUNDS", "/orders/%72efunds/1"],
        ...["/orders/refunds%3bx/1", "/orders/refunds;x/1", "/orders/refunds%2f1", "/orders/./refunds/1"],
      ]) {
        const { status, reached } = await seen(target, one[1]?.value ?? null);
        expect({ target, status, reached }).toEqual({ target, status, reached: false });
      }
      expect(await seen("/orders/refunds/1", both.value)).toEqual({ status: 200, reached: true });
      expect(api.lastUrl).toBe("/orders/refunds/1");
    });

    test("No spelling of a path gets around what it requires", async () => {
      const without = await createToken([modules.catalogue]);
      for (const target of [
        ...["/things/../orders/1", "/things/..%2forders/1", "/things/%2e%2e/orders/1", "/things/..;/orders/1"],
        ...["//orders/1", "/orders//1", "/%6frders/1", "/./orders/1", "/orders;x/1", "/Orders/1", "/ORDERS/1"],
        ...["/orders", "/orders%2f1", "/orders%5c1", "/orders\\1", "/things/..\\orders/1", "/things/%2e%2e%2forders/1"],
        ...["/things/%252e%252e/orders/1", "/x/../orders/1", "/orders/1/../../things/1", "/orders/..%2fthings/1", "/"],
      ]) {
        api.lastUrl = "";
        const { status } = await ask(target, without.value);
        const path = resolved(api.lastUrl);
        expect({ target, status, path }).toEqual({ target, status, path: expect.not.stringMatching(/^\/orders/i) });
      }
    });

    test("A path that servers may read in different ways does not reach the API", async () => {
      const { value } = await createToken([modules.catalogue]);
      for (const part of [
        ";x",
        "\\x",
        "/..",
        "/./x",
        "//x",
        "%2ex",
        "%2Fx",
        "%5cx",
        "%25x",
        "%3bx",
        "%61",
        "%5A",
        "%30",
      ])
        expect([part, (await seen(`/things/1${part}`, value)).reached]).toEqual([part, false]);
      for (const part of ["a-b_c~d", "%20", "%C3%A9", "@b.example", "%40b.example", "a+b", "a:b", "a,b"])
        expect([part, await seen(`/things/${part}`, value)]).toEqual([part, { status: 200, reached: true }]);
    });

    test("A client’s own Hallpass headers do not reach the API, in any spelling", async () => {
      const { id, value } = await createToken([modules.catalogue]);
      const forged = Object.fromEntries(
        ["Token", "Account", "Modules"].flatMap((name) => [
          [`Hallpass-${name}`, ["forged", "forged too"]],
          [`HALLPASS_${name}`, "forged"],
          [`hallpass_${name.toLowerCase()}`, "forged"],
        ]),
      );
      await ask("/things/1", value, { headers: forged });
      expect(api.headers("hallpass-token")).toEqual([["hallpass-token", id]]);
      expect(JSON.stringify(api.lastHeaders)).not.toContain("forged");
    });

    test("A second Authorization header is never the one that counts", async () => {
      const { value } = await createToken([modules.catalogue]);
      const both = { Authorization: [`Bearer ${value}`, "Bearer junk"] };
      const { status, reached } = await seen("/things/1", null, { headers: both });
      expect([reached, status >= 400]).toEqual([false, true]);
    });

    test("A token with IP ranges works only from them", async () => {
      const here = await createToken([modules.catalogue], { ipRanges: ["127.0.0.0/8"] });
      const elsewhere = await createToken([modules.catalogue], { ipRanges: ["203.0.113.0/24"] });
      expect(await seen("/things/1", here.value)).toEqual({ status: 200, reached: true });
      const pretended = { headers: { "X-Forwarded-For": "203.0.113.9" } };
      expect(await seen("/things/1", elsewhere.value, pretended)).toEqual(denied(isApache ? 401 : 403));
    });

    test("A token above its rate limit gets 429 with Retry-After", async () => {
      const { value } = await createToken([modules.catalogue], { rateLimit: { requests: 1, perSeconds: 3_600 } });
      expect((await ask("/things/1", value)).status).toBe(200);
      if (isApache) return;
      expect(await seen("/things/1", value)).toEqual(denied(429));
      expect(Number((await ask("/things/1", value)).headers["retry-after"])).toBeGreaterThan(3_000);
    });

    test("A body of 1 MB reaches the API whole, and Hallpass not at all", async () => {
      const { value } = await createToken([modules.catalogue]);
      const body = "x".repeat(1_000_000);
      expect(await seen("/things/1", value, { method: "POST", body })).toEqual({ status: 200, reached: true });
      expect(api.received).toBe(1_000_000);
      expect(await seen("/things/1", "junk", { method: "POST", body })).toEqual(denied(401));
    });

    test("A WebSocket is opened with a valid token only", async () => {
      const { value } = await createToken([modules.catalogue]);
      expect(await webSocket(running.port, value)).toBe("hello");
      expect(await webSocket(running.port, "junk")).toBe(401);
    });

    test("A thousand requests on kept connections are allowed", async () => {
      const { value } = await createToken([modules.catalogue]);
      const agent = new Agent({ keepAlive: true, maxSockets: 10 });
      const statuses = await Promise.all(
        Array.from({ length: 1_000 }, async () => (await ask("/things/1", value, { agent })).status),
      );
      agent.destroy();
      expect(statuses.filter((status) => status !== 200)).toEqual([]);
    });

    test("While Hallpass hangs, requests are denied", async () => {
      const { value } = await createToken([modules.catalogue]);
      process.kill(hallpass.pid, "SIGSTOP");
      try {
        expect(await seen("/things/1", value)).toEqual(denied(gateway.whenHung));
      } finally {
        process.kill(hallpass.pid, "SIGCONT");
      }
    });

    test("While Hallpass is away, requests are denied", async () => {
      const { value } = await createToken([modules.catalogue]);
      await hallpass.kill();
      expect(await seen("/things/1", value)).toEqual(denied(gateway.whenAway));
    });
  });

/** The path as a lenient API would read it. */
function resolved(target: string): string {
  const [path = ""] = decodeURIComponent(target || "/")
    .replaceAll("\\", "/")
    .split("?");
  return new URL(path.replace(/\/+/g, "/").replaceAll(";/", "/"), "http://api").pathname;
}

/** What the API sends back through the opened socket, or the status if none was opened. */
function webSocket(port: number, value: string): Promise<string | number> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...bearer(value),
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const opening = request({ host: "127.0.0.1", port, path: "/things/socket", headers, agent: false });
    opening.once("upgrade", (_answer, socket) => {
      socket.once("data", (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.write("hello");
    });
    opening.once("response", (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    opening.once("error", reject).end();
  });
}

import { connect } from "node:net";
import { formatTokenValue } from "@hallpass/shared";
import { currentEngine } from "./support/database.js";
import { modules } from "./support/platform.js";
import { useServer } from "./support/test-server.js";

/** Sends bytes as they are, and gives all that comes back until the server closes. */
function sendRaw(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
    socket.write(bytes);
  });
}

const statusIn = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

describe("a request with odd credentials", () => {
  const server = useServer();
  let value: string;
  beforeAll(async () => {
    ({ value } = await server().createToken());
  });

  /** A request with these header lines, as bytes. */
  const raw = (lines: string[], path = "/authorize") =>
    sendRaw(
      server().url,
      Buffer.from(
        [`GET ${path} HTTP/1.1`, "Host: hallpass", "Connection: close", ...lines, "", ""].join("\r\n"),
        "latin1",
      ),
    );
  const statusOf = async (...lines: string[]) => statusIn(await raw(lines));
  const bearer = (text: string) => `Authorization: Bearer ${text}`;

  test("passes with the scheme in any case, and with spaces around the value", async () => {
    expect(await statusOf(bearer(value))).toBe(200);
    expect(await statusOf(`authorization: bearer ${value}`)).toBe(200);
    expect(await statusOf(`AUTHORIZATION:BEARER    ${value}  `)).toBe(200);
  });

  test.each([
    ["a tab after the scheme", (good: string) => `Bearer\t${good}`],
    ["no space after the scheme", (good: string) => `Bearer${good}`],
    ["a space in the value", (good: string) => `Bearer ${good.slice(0, 20)} ${good.slice(20)}`],
    ["two values, comma-separated", (good: string) => `Bearer ${good}, Bearer ${good}`],
    ["a letter outside ASCII", (good: string) => `Bearer ${good}\xe9`],
    ["letters outside ASCII as UTF-8", (good: string) => `Bearer ${good}${Buffer.from("é").toString("latin1")}`],
    ["the value in quotes", (good: string) => `Bearer "${good}"`],
    ["the value as Basic", (good: string) => `Basic ${Buffer.from(`x:${good}`).toString("base64")}`],
    ["the value alone", (good: string) => good],
    ["nothing", () => ""],
    ["the scheme alone", () => "Bearer"],
  ])("is refused with %s: 401", async (_what, header) => {
    const answer = await raw([`Authorization: ${header(value)}`]);
    expect(statusIn(answer)).toBe(401);
    expect(answer).toMatch(/\r\nwww-authenticate: Bearer realm="hallpass", error="invalid_token"\r\n/i);
  });

  test("is bad with more than one Authorization header, whatever their case and order: 400", async () => {
    const junk = "authorization: Bearer junk";
    for (const lines of [
      [bearer(value), bearer(value)],
      [bearer(value), junk],
      [junk, bearer(value)],
      [bearer(value), "Accept: */*", "AuThOrIzAtIoN: Basic eDp5"],
    ]) {
      const answer = await raw(lines);
      expect(statusIn(answer)).toBe(400);
      expect(answer).toMatch(/\r\nwww-authenticate: Bearer realm="hallpass", error="invalid_request"\r\n/i);
    }
    const other = await sendRaw(
      server().url,
      `POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n${bearer(value)}\r\n${junk}\r\n\r\n{}`,
    );
    expect(statusIn(other)).toBe(400);
  });

  test("is bad with a second Authorization header behind two thousand others, too: 400", async () => {
    const others = Array(2_000).fill("a:b");
    expect(await statusOf(bearer(value), ...others)).toBe(200);
    expect(await statusOf(bearer(value), ...others, bearer(value))).toBe(400);
    expect(await statusOf(...others)).toBe(401);
    expect(await statusOf(...others, bearer(value))).toBe(200);
  });

  test("is bad with a token in the address, good or not: 400", async () => {
    for (const query of [`?access_token=${value}`, "?access_token=", `?module=${modules.catalogue}&access_token=x`])
      for (const lines of [[], [bearer(value)]]) expect(statusIn(await raw(lines, `/authorize${query}`))).toBe(400);
    for (const path of [`/authorize/any?access_token=${value}`, "/authorize/any/x?note=no_access_token"]) {
      // Here the query is the client's, and for the API: it presents nothing, and hides nothing that is presented.
      expect(statusIn(await raw([bearer(value)], path))).toBe(200);
      expect(statusIn(await raw([], path))).toBe(401);
    }
    expect(statusIn(await raw([], `/graphql?query={viewer{account{id}}}&access_token=${value}`))).toBe(400);
  });

  test.each([
    ["a NUL", "a\0b"],
    ["a lone CR", "a\rb"],
    ["another control character", "a\x01b"],
  ])("never gets further with %s in the header", async (_what, text) => {
    const answer = await raw([bearer(value + text)]);
    expect(statusIn(answer)).toBe(400);
    expect(answer).not.toContain(value);
  });

  test("cannot smuggle a header or a second request through LF", async () => {
    const answer = await raw([`X-Note: a\n${bearer(value)}`]);
    expect([400, 200]).toContain(statusIn(answer));
    expect(statusIn(await raw([bearer(`junk\nHallpass-Token: x`)]))).not.toBe(200);
  });

  test("is cut off with a header of 1 MB, and costs the server nothing", async () => {
    const answer = await raw([bearer("x".repeat(1024 * 1024))]);
    // The connection may be gone before all was sent, and with it the answer.
    if (answer !== "") expect(statusIn(answer)).toBe(431);
    expect(await statusOf(bearer(value))).toBe(200);
  });

  test("errors of the protocol itself are problem documents, too", async () => {
    const answer = await sendRaw(server().url, "GET / HTTP/1.1\r\nHost: x\r\nA\0: b\r\n\r\n");
    expect(statusIn(answer)).toBe(400);
    expect(answer).toMatch(/\r\ncontent-type: application\/problem\+json/i);
    expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({ status: 400, title: "Bad Request" });
  });
});

describe("a clock that is an hour off", () => {
  const server = useServer();
  const hour = 3_600_000;

  test.each([
    ["ahead", hour],
    ["behind", -hour],
  ])("%s changes nothing for warm tokens and for changes", async (_what, offset) => {
    const { id, value } = await server().createToken();
    const check = async () => (await server().program(value).fetch("/authorize")).status;
    expect(await check()).toBe(200);
    server().clock.advance(offset);
    try {
      const statements = await server().statementsOf(async () => expect(await check()).toBe(200));
      expect(statements.filter((sql) => sql.includes("FROM api_token token"))).toEqual([]);
      // The cache measures by a clock that cannot be set.
      await (await server().signIn("admin")).mutate("disableApiToken", { id });
      expect(await check()).toBe(401);
    } finally {
      server().clock.advance(-offset);
    }
  });
});

/** More where a read costs a round trip. */
const count = currentEngine === "mariadb" ? 50_000 : 20_000;

describe(`${count} well-formed values that nobody has`, () => {
  const server = useServer();
  const connections = 20;
  const atOnce = 25;

  /** Asks over a connection that is kept, some requests at once, and counts the answers by status. */
  function flood(values: string[], statuses: Map<number, number>): Promise<void> {
    const { hostname, port } = new URL(server().url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname).on("error", reject);
      let rest = "";
      let open = 0;
      let next = 0;
      const send = () => {
        let text = "";
        for (; open < atOnce && next < values.length; open++)
          text += `GET /authorize HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${values[next++]}\r\n\r\n`;
        if (text) socket.write(text);
        else if (open === 0) socket.end(resolve);
      };
      socket.on("data", (chunk) => {
        const heads = (rest + chunk.toString("latin1")).split("\r\n\r\n");
        rest = heads.pop() ?? "";
        for (const head of heads) {
          // A body belongs to what follows; only errors have one.
          const status = statusIn(head.slice(head.indexOf("HTTP/1.1")));
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          open--;
        }
        send();
      });
      send();
    });
  }

  test("are all refused, push no warm token out, and are forgotten", async () => {
    const { value } = await server().createToken();
    const check = async () => (await server().program(value).fetch("/authorize")).status;
    expect(await check()).toBe(200);
    const metric = async (name: string) => {
      const text = await (await server().nobody().fetch("/metrics")).text();
      return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
    };
    const entries = await metric("hallpass_token_cache_entries");

    const statuses = new Map<number, number>();
    const values = Array.from({ length: count }, (_, index) =>
      formatTokenValue(
        `TKN-9${String(index)
          .padStart(7, "0")
          .replace(/^(...)/, "$1-")}`,
        "a".repeat(32),
      ),
    );
    const share = count / connections;
    const done = Promise.all(
      Array.from({ length: connections }, (_, index) =>
        flood(values.slice(index * share, (index + 1) * share), statuses),
      ),
    );
    const began = performance.now();
    let ended = false;
    done.finally(() => {
      ended = true;
    });
    const warm: number[] = [];
    const misses = await metric("hallpass_token_cache_misses");
    while (!ended) warm.push(await check());
    await done;

    // A machine that is too busy to read them in time answers 503, which lets nothing pass either.
    const { 401: denied = 0, 503: undecided = 0, ...others } = Object.fromEntries(statuses);
    expect([denied + undecided, others]).toEqual([count, {}]);
    expect(denied).toBeGreaterThan(undecided);
    expect(new Set(warm)).toEqual(new Set([200]));
    // Each unknown value was one miss. The warm token was none, but where the machine is so busy that a look at the
    // database comes too late: then it is read anew, at the beginning and once a second.
    const readings = 1 + (performance.now() - began) / 1000;
    expect(await metric("hallpass_token_cache_misses")).toBeLessThanOrEqual(misses + count + readings);
    expect(await metric("hallpass_token_cache_entries")).toBe(entries);
    expect(await metric("hallpass_usage_queue")).toBeLessThanOrEqual(1);
  });
});

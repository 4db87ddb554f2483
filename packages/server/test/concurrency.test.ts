import { once } from "node:events";
import { connect } from "node:net";
import argon2 from "@node-rs/argon2";
import sharp from "sharp";
import { Client, type GraphqlAnswer, mutations, queries } from "./support/client.js";
import { type HeldCalls, holdCalls } from "./support/hold.js";
import { modules, type Person, password, people, testPlatform } from "./support/platform.js";
import { until } from "./support/programs.js";
import { useServer } from "./support/test-server.js";

/** Sign-ins being hashed or waiting, in total and per IP address. */
const places = 32;
const share = 16;

const signIn = (client: Client, email: string, secret = password) =>
  client.ask(mutations.signIn ?? "", { input: { email, password: secret } });
const isRefused = ({ errors }: GraphqlAnswer) => errors[0]?.extensions.code === "RATE_LIMITED";

describe("Concurrent sign-ins", () => {
  const server = useServer();
  let hashing: HeldCalls;
  beforeAll(async () => void (await server().as("admin")));
  beforeEach(() => {
    hashing = holdCalls(argon2, "verify");
  });
  afterEach(() => {
    hashing.release();
    hashing.restore();
  });

  /** Floods sign-ins of unknown people while hashing is held, and returns once the excess has failed. */
  const flood = async (clients: Client[], admitted: number) => {
    const refused: GraphqlAnswer[] = [];
    const all = clients.map(async (client, index) => {
      const answer = await signIn(client, `nobody${index}@client.example`, "wrong password");
      if (isRefused(answer)) refused.push(answer);
      return answer;
    });
    await until(() => refused.length >= clients.length - admitted && hashing.running() > 0);
    return { refused, all: Promise.all(all) };
  };
  const strangers = (count: number) => Array.from({ length: count }, () => server().nobody());
  const busy = async () => {
    const metrics = await (await server().nobody().fetch("/metrics")).text();
    return Number(/^hallpass_sign_ins_total\{outcome="busy"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
  };

  test("Excess sign-ins fail with a retry time while checks are still answered", async () => {
    const { value } = await server().createToken();
    const already = hashing.count();
    const { refused, all } = await flood(strangers(100), places);

    expect(refused).toHaveLength(100 - places);
    for (const { status, headers, errors } of refused) {
      const retryAfterSeconds = Number(headers.get("retry-after"));
      expect(status).toBe(429);
      expect(retryAfterSeconds).toBeGreaterThan(0);
      expect(errors[0]).toMatchObject({
        message: expect.stringContaining("Try again in"),
        extensions: { retryAfterSeconds },
      });
    }
    const check = await server().program(value).fetch("/authorize");
    expect(check.status).toBe(200);
    // Up to two, so that other users of libuv's four threads never wait.
    expect(hashing.mostAtOnce()).toBeLessThanOrEqual(2);

    hashing.release();
    const admitted = (await all).filter((answer) => !isRefused(answer));
    for (const { data } of admitted) expect(data.signIn.userErrors).toMatchObject([{ code: "WRONG_CREDENTIALS" }]);
    expect(hashing.count() - already).toBe(places);
    expect(hashing.mostAtOnce()).toBeLessThanOrEqual(2);
    expect((await signIn(server().nobody(), people.auditor.email)).data.signIn.userErrors).toEqual([]);
  });

  test("An IP address gets only its share of the sign-in places", async () => {
    const address = server().nobody().address;
    const { refused, all } = await flood(
      Array.from({ length: 40 }, () => new Client(server().url, {}, address)),
      share,
    );
    expect(refused).toHaveLength(40 - share);
    const elsewhere = signIn(server().nobody(), people.auditor.email);
    hashing.release();
    expect((await elsewhere).data.signIn.userErrors).toEqual([]);
    await all;
  });

  test("An excess sign-in counts as busy, not as an attempt, and leaves no record", async () => {
    const before = await busy();
    const { all } = await flood(strangers(places + 1), places);
    const person = server().nobody();
    for (let attempt = 1; attempt <= 7; attempt++)
      expect(isRefused(await signIn(person, people.vendorAdmin.email))).toBe(true);
    expect(await busy()).toBe(before + 8);
    hashing.release();
    await all;
    expect((await signIn(person, people.vendorAdmin.email)).data.signIn.userErrors).toEqual([]);
    const records = (await server().trail("vendorAdmin")).filter(({ ip }) => ip === person.address);
    expect(records.map(({ event }) => event)).toEqual(["user.signed_in"]);
  });

  test("A platform file can be applied while every sign-in place is taken", async () => {
    const { all } = await flood(strangers(places + 1), places);
    const hashed = hashing.count();
    const { users, ...rest } = testPlatform();
    const changed = users.map((user) =>
      user.id === people.otherAdmin.id ? { ...user, password: "another password" } : user,
    );
    const applied = server().apply({ ...rest, users: changed });
    await until(() => hashing.count() > hashed);
    hashing.release();
    expect(await applied).toEqual([`user ${people.otherAdmin.id} has a new password and is signed out`]);
    await all;
  });
});

/** Logos being decoded or waiting, in total and per account. */
const logoPlaces = 12;
const logoShare = 4;

describe("Concurrent logos", () => {
  const server = useServer();
  let decoding: HeldCalls;
  let icon: string;
  beforeAll(async () => {
    const file = await sharp({ create: { width: 9, height: 9, channels: 3, background: "#c04000" } })
      .png()
      .toBuffer();
    icon = `data:image/png;base64,${file.toString("base64")}`;
    for (const person of ["admin", "vendorAdmin", "operator"] as const) await server().as(person);
  });
  beforeEach(() => {
    decoding = holdCalls(sharp.prototype, "toBuffer");
  });
  afterEach(() => {
    decoding.release();
    decoding.restore();
  });

  const add = async (by: Person, moduleId: string = modules.catalogue) =>
    (await server().as(by)).ask(mutations.createApiToken ?? "", {
      input: { name: "Logo", moduleIds: [moduleId], icon },
    });
  /** Floods one account's creations while decoding is held, and returns once the excess has failed. */
  const flood = async (by: Person, count: number, admitted: number) => {
    const refused: GraphqlAnswer[] = [];
    const all = Array.from({ length: count }, async () => {
      const answer = await add(by);
      if (isRefused(answer)) refused.push(answer);
      return answer;
    });
    await until(() => refused.length >= count - admitted);
    return { refused, all: Promise.all(all) };
  };
  const tokens = async () => Number((await server().sql("SELECT COUNT(*) AS n FROM api_token"))[0].n);

  test("An account’s excess logos fail with a retry time while other requests still work", async () => {
    const before = await tokens();
    const { refused, all } = await flood("admin", 20, logoShare);
    expect(refused).toHaveLength(20 - logoShare);
    for (const { status, headers, errors } of refused) {
      expect(status).toBe(429);
      expect(errors[0]?.extensions.retryAfterSeconds).toBe(Number(headers.get("retry-after")));
    }
    const { value } = await server().createToken();
    expect((await server().program(value).fetch("/authorize")).status).toBe(200);

    const elsewhere = add("vendorAdmin");
    decoding.release();
    expect((await elsewhere).data.createApiToken.userErrors).toEqual([]);
    for (const answer of (await all).filter((each) => !isRefused(each)))
      expect(answer.data.createApiToken.userErrors).toEqual([]);
    expect(decoding.mostAtOnce()).toBe(1);
    expect(await tokens()).toBe(before + logoShare + 2);
  });

  test("All accounts share one limit of logo places", async () => {
    const floods = await Promise.all([
      flood("admin", 6, logoShare),
      flood("vendorAdmin", 6, logoShare),
      flood("operator", 6, logoShare),
    ]);
    const admitted = 18 - floods.reduce((sum, { refused }) => sum + refused.length, 0);
    expect(admitted).toBe(logoPlaces);
    decoding.release();
    for (const { all } of floods) await all;
    expect((await add("admin")).data.createApiToken.userErrors).toEqual([]);
  });
});

describe("Concurrent GraphQL requests", () => {
  const server = useServer();

  test("A check that arrives behind many GraphQL requests is answered before most of them", async () => {
    const { value } = await server().createToken();
    const { hostname, port } = new URL(server().url);
    const body = JSON.stringify({ query: queries.viewer });
    const query = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const check = `GET /authorize HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${value}\r\n\r\n`;
    const sockets = await Promise.all(
      Array.from({ length: 41 }, async () => {
        const socket = connect(Number(port), hostname);
        // Once answered, the connection is open on the server's side too.
        socket.write(check);
        await once(socket, "data");
        return socket;
      }),
    );
    const answered: string[] = [];
    const answers = sockets.map(async (socket, index) => {
      await once(socket, "data");
      answered.push(index < 40 ? "query" : "check");
    });
    for (const [index, socket] of sockets.entries()) socket.write(index < 40 ? query : check);
    await Promise.all(answers);
    for (const socket of sockets) socket.destroy();
    expect(answered.indexOf("check")).toBeLessThan(20);
  });
});

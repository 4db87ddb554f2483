import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { type Client, type Data, deliveryFields } from "../support/client.js";
import { modules } from "../support/platform.js";
import { HallpassProcess, until } from "../support/programs.js";
import { type Received, Receiver } from "../support/receiver.js";
import { useServer } from "../support/test-server.js";

const events = ["api_token.created", "api_token.disabled", "account.policy_changed"];

describe("Webhooks", () => {
  const server = useServer();
  const settings = () => ({ ...server().database.env, HALLPASS_WEBHOOK_PRIVATE_NETWORKS: "on" });
  let hallpass: HallpassProcess;
  let admin: Client;
  let receiver: Receiver;
  let webhook: { id: string };
  let secret: string;

  beforeAll(async () => {
    await server().stop();
    hallpass = await HallpassProcess.start(settings());
    admin = await hallpass.signIn("admin");
  });
  afterAll(async () => {
    await hallpass?.stop();
  });
  beforeEach(async () => {
    receiver = await Receiver.start();
    ({ webhook, secret } = await admin.mutate("createWebhook", { url: receiver.url, events }));
  });
  afterEach(async () => {
    await admin.mutate("deleteWebhook", { id: webhook.id });
    await receiver.stop();
  });

  const create = async (name = "Robot"): Promise<string> =>
    (await admin.mutate("createApiToken", { name, moduleIds: [modules.catalogue] })).apiToken.id;
  const gets = (count: number) => until(() => receiver.received.length >= count, { limitMs: 30_000, everyMs: 50 });
  const deliveries = async (): Promise<Data[]> => {
    const { webhooks } = await admin.data(`{ webhooks { id deliveries(first: 100) { ${deliveryFields} } } }`);
    return webhooks.find(({ id }: Data) => id === webhook.id).deliveries;
  };
  const isSettled = async (count: number) =>
    until(async () => (await deliveries()).filter(({ status }) => status === "DELIVERED").length === count, {
      everyMs: 100,
    });
  const verify = ({ body, headers }: Received, by = secret) => new Webhook(by).verify(body, headers);

  test("Each event it wants is sent once, signed, and none that it does not want", async () => {
    const id = await create("Order sync");
    await admin.mutate("enableApiToken", { id });
    await admin.mutate("disableApiToken", { id });
    await admin.mutate("enableApiToken", { id });
    await gets(2);
    await isSettled(2);
    await sleep(1_500);
    expect(receiver.received.map(({ message }) => message.type)).toEqual(["api_token.created", "api_token.disabled"]);
    for (const each of receiver.received) expect(verify(each)).toEqual(each.message);
    const [first] = receiver.received;
    expect(first?.headers).toMatchObject({
      "content-type": "application/json",
      "webhook-id": `AUD-0001-0002-${first?.message.data.sequence}`,
    });
    expect(first?.message).toMatchObject({
      timestamp: expect.any(String),
      data: {
        account: "ACC-0001-0002",
        object: { id, name: "Order sync" },
        actor: { id: "USR-1000-0001", name: "Ada Admin" },
        after: expect.objectContaining({ name: "Order sync" }),
      },
    });
    expect(JSON.stringify(receiver.received)).not.toMatch(/hp_\d{8}_\w{38}/);
  });

  test("A message that failed is sent again under the same ID, after a pause", async () => {
    receiver.next = [500, "close"];
    await create();
    await gets(1);
    await until(async () => (await deliveries())[0]?.status === "PENDING" && (await deliveries())[0].attempts === 1);
    const [pending] = await deliveries();
    expect(pending).toMatchObject({ responseStatus: 500, response: "Answer 500", attempts: 1 });
    expect(Date.parse(pending.nextAttemptAt) - Date.parse(pending.lastAttemptAt)).toBeGreaterThanOrEqual(5_000);
    await gets(2);
    const [one, two] = receiver.received;
    expect(two?.headers["webhook-id"]).toBe(one?.headers["webhook-id"]);
    await until(async () => (await deliveries())[0].attempts === 2);
    expect((await deliveries())[0]).toMatchObject({ status: "PENDING", responseStatus: null });
  });

  test("A receiver that hangs delays neither changes, nor checks, nor other webhooks", async () => {
    const other = await Receiver.start();
    const { webhook: second } = await admin.mutate("createWebhook", { url: other.url, events });
    receiver.answer = "hang";
    const { value } = await admin.mutate("createApiToken", { name: "Robot", moduleIds: [modules.catalogue] });
    await until(() => other.received.length === 1, { limitMs: 10_000 });
    expect(await hallpass.check(value)).toBe(200);
    await until(async () => (await deliveries())[0]?.attempts === 1);
    expect((await deliveries())[0]).toMatchObject({ status: "PENDING", response: "No response within 10 seconds." });
    await admin.mutate("deleteWebhook", { id: second.id });
    await other.stop();
  });

  test("Many slow receivers with much to get do not delay another account’s webhook", async () => {
    const slow = await Receiver.start();
    slow.answer = (response) => void setTimeout(() => response.writeHead(204).end(), 1_500);
    const ids: string[] = [];
    for (let each = 0; each < 8; each++)
      ids.push((await admin.mutate("createWebhook", { url: slow.url, events })).webhook.id);
    for (let each = 0; each < 10; each++) await create();
    await until(() => slow.received.length >= 2);
    const other = await Receiver.start();
    const vendor = await hallpass.signIn("vendorAdmin");
    const { webhook: theirs } = await vendor.mutate("createWebhook", { url: other.url, events });
    await vendor.mutate("createApiToken", { name: "Robot", moduleIds: [modules.catalogue] });
    expect(await until(() => other.received.length === 1)).toBeLessThan(10_000);
    for (const id of ids) await admin.mutate("deleteWebhook", { id });
    await vendor.mutate("deleteWebhook", { id: theirs.id });
    await Promise.all([slow.stop(), other.stop()]);
  });

  test.each([
    ["never ends", (response: ServerResponse) => void response.writeHead(200).write("ok")],
    [
      "is cut off",
      (response: ServerResponse) => {
        response.writeHead(200, { "Content-Length": "100" }).write("ok");
        setTimeout(() => response.destroy(), 100);
      },
    ],
  ])("A 2xx answer whose body %s counts as delivered", async (_, answer) => {
    receiver.answer = answer;
    const { delivery } = await admin.mutate("testWebhook", { id: webhook.id });
    expect(delivery).toMatchObject({ status: "DELIVERED", responseStatus: 200, response: "ok" });
  });

  test("What was answered with 410 is given up, and can be sent again by hand", async () => {
    receiver.next = [410];
    await create();
    await until(async () => (await deliveries())[0]?.status === "FAILED");
    const [{ id, messageId }] = await deliveries();
    const { delivery } = await admin.mutate("resendWebhookDelivery", { id });
    expect(delivery).toMatchObject({ status: "PENDING", attempts: 0 });
    await isSettled(1);
    expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toEqual([messageId, messageId]);
  });

  test("A redirect is not followed", async () => {
    const elsewhere = await Receiver.start();
    receiver.answer = (response) => response.writeHead(302, { Location: elsewhere.url }).end();
    const { delivery } = await admin.mutate("testWebhook", { id: webhook.id });
    expect(delivery).toMatchObject({ status: "FAILED", responseStatus: 302 });
    expect(elsewhere.received).toEqual([]);
    await elsewhere.stop();
  });

  test("A test is sent at once, once, and a long answer is cut off", async () => {
    receiver.answer = (response) => {
      response.writeHead(500);
      // Never ends.
      const more = setInterval(() => response.write("x".repeat(10_000)), 5);
      response.on("close", () => clearInterval(more));
    };
    const { delivery } = await admin.mutate("testWebhook", { id: webhook.id });
    expect(delivery).toMatchObject({ event: "webhook.test", status: "FAILED", responseStatus: 500, attempts: 1 });
    expect(delivery.response).toBe("x".repeat(500));
    expect(verify(receiver.received[0] as Received)).toMatchObject({ type: "webhook.test" });
    await sleep(1_500);
    expect(receiver.received).toHaveLength(1);
  });

  test("After a rotation, and another, messages are signed with the newest secret and the one from before", async () => {
    // The response is lost, so it is done again.
    await admin.mutate("rotateWebhookSecret", { id: webhook.id });
    const rotated = await admin.mutate("rotateWebhookSecret", { id: webhook.id });
    expect(rotated.secret).toMatch(/^whsec_/);
    expect(rotated.secret).not.toBe(secret);
    await create();
    await gets(1);
    const [received] = receiver.received;
    for (const each of [secret, rotated.secret]) expect(verify(received as Received, each)).toBeDefined();
    expect(received?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  });

  test("An event from before a change of the webhook is sent as it was wanted then", async () => {
    const name = "Before the change";
    await create(name);
    await admin.mutate("updateWebhook", { id: webhook.id, events: ["account.policy_changed"] });
    await create("After the change");
    await admin.mutate("updateAccountPolicy", { expiryRequired: true });
    await admin.mutate("updateAccountPolicy", { expiryRequired: false });
    await isSettled(3);
    expect(receiver.received.map(({ message }) => message.type)).toEqual([
      "api_token.created",
      "account.policy_changed",
      "account.policy_changed",
    ]);
  });

  test("A disabled webhook gets nothing again by hand", async () => {
    await create();
    await isSettled(1);
    await admin.mutate("updateWebhook", { id: webhook.id, enabled: false });
    const [{ id }] = await deliveries();
    const { userErrors } = await admin.mutate("resendWebhookDelivery", { id });
    expect(userErrors).toMatchObject([{ message: "Enable the webhook first." }]);
  });

  test("Nothing that happens while a webhook is disabled is sent, even later", async () => {
    await admin.mutate("updateWebhook", { id: webhook.id, enabled: false });
    await create("While disabled");
    await admin.mutate("updateWebhook", { id: webhook.id, enabled: true });
    await create("Enabled");
    await isSettled(1);
    expect(receiver.received.map(({ message }) => message.data.object)).toEqual([
      expect.objectContaining({ name: "Enabled" }),
    ]);
  });

  test("Killed at any moment, Hallpass sends every event, and none under another ID", async () => {
    const created: string[] = [];
    for (let round = 0; round < 4; round++) {
      receiver.next = ["hang"];
      for (let each = 0; each < 5; each++) created.push(await create(`Round ${round}`));
      await sleep(300 * round);
      await hallpass.kill();
      hallpass = await HallpassProcess.start(settings());
      admin = await hallpass.signIn("admin");
    }
    // The lease of the process that was killed runs out after 30 seconds.
    await isSettled(created.length);
    const ids = new Map(receiver.received.map(({ headers, message }) => [headers["webhook-id"], message.data.object]));
    expect([...ids.values()].map((object) => (object as { id: string }).id).sort()).toEqual(created.sort());
  });
});

describe("A webhook in a private network", () => {
  const server = useServer();

  test.each(["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1"])(
    "Nothing is sent to %s, whatever its name resolves to",
    async (host) => {
      await server().stop();
      const receiver = await Receiver.start();
      const hallpass = await HallpassProcess.start(server().database.env);
      const admin = await hallpass.signIn("admin");
      const events = ["api_token.created"];
      const { webhook } = await admin.mutate("createWebhook", { url: `https://${host}:${receiver.port}/`, events });
      const { delivery } = await admin.mutate("testWebhook", { id: webhook.id });
      expect(delivery).toMatchObject({ status: "FAILED", responseStatus: null });
      expect(delivery.response).toMatch(/not allowed|private|DNS/i);
      expect(receiver.connections).toBe(0);
      await admin.mutate("deleteWebhook", { id: webhook.id });
      await hallpass.stop();
      await receiver.stop();
    },
  );
});

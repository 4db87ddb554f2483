import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { rotateEncryptionKeys } from "../../src/features/encryption-keys/rotate-encryption-keys.js";
import { deliver } from "../../src/features/webhooks/deliver.js";
import { WebhookDeliveryEntity, WebhookEntity } from "../../src/features/webhooks/webhook.entity.js";
import { openSecrets } from "../../src/features/webhooks/webhook-secret.js";
import { parseEncryptionKeys, readKeysFile } from "../../src/infra/config.js";
import { createKeyring } from "../../src/infra/keyring.js";
import type { Client, Data } from "../support/client.js";
import { useServer } from "../support/test-server.js";

const events = ["api_token.disabled", "api_token.created"];
const url = "https://hooks.example/hallpass";

describe("Managing webhooks", () => {
  const server = useServer();
  let admin: Client;
  beforeAll(async () => {
    admin = await server().as("admin");
  });
  afterEach(async () => {
    for (const { id } of await list()) await admin.mutate("deleteWebhook", { id });
  });
  /** The embedded database's generated key. */
  const keysFile = () => join(server().database.dataDir, "encryption-keys");
  const list = async (by = admin): Promise<Data[]> =>
    (await by.data("{ webhooks { id url events enabled } }")).webhooks;

  test("The secret is returned once, stored encrypted and appears in no record or log", async () => {
    const { webhook, secret } = await admin.mutate("createWebhook", { url, events });
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(webhook).toMatchObject({ url, events: ["api_token.created", "api_token.disabled"], enabled: true });
    const [row] = await server().sql("SELECT * FROM webhook");
    expect(Buffer.from(row.secret).includes(Buffer.from(secret.slice(6), "base64"))).toBe(false);
    expect(Buffer.from(row.secret).includes(secret)).toBe(false);
    const rotated = (await admin.mutate("rotateWebhookSecret", { id: webhook.id })).secret;
    const records = await server().trail("auditor", { events: ["webhook.created", "webhook.secret_rotated"] });
    for (const each of [secret, rotated])
      for (const text of [JSON.stringify(records), server().log.join("\n")]) expect(text).not.toContain(each.slice(6));
  });

  test("The URL is stored in its usual form", async () => {
    const { webhook } = await admin.mutate("createWebhook", { url: " HTTPS://Hooks.EXAMPLE/hallpass ", events });
    expect(webhook.url).toBe(url);
  });

  test("Every change is recorded, an auditor sees webhooks, and other accounts do not", async () => {
    const { webhook } = await admin.mutate("createWebhook", { url, events });
    await admin.mutate("updateWebhook", { id: webhook.id, enabled: false });
    await admin.mutate("updateWebhook", { id: webhook.id, enabled: false });
    expect(await list(await server().as("auditor"))).toEqual([expect.objectContaining({ enabled: false })]);
    expect(await list(await server().as("vendorAdmin"))).toEqual([]);
    await admin.mutate("deleteWebhook", { id: webhook.id });
    const records = (await server().trail("auditor", { objectIds: [webhook.id] })).map(({ event, summary }) => [
      event,
      summary,
    ]);
    expect(records).toEqual([
      ["webhook.created", "Webhook to hooks.example added"],
      ["webhook.updated", "Webhook to hooks.example edited"],
      ["webhook.deleted", "Webhook to hooks.example deleted"],
    ]);
  });

  test.each([
    ["http://hooks.example/", events, "Enter an https URL."],
    ["ftp://hooks.example/", events, "Enter an https URL."],
    ["hooks.example", events, "Enter an https URL."],
    ["https://ada:hunter2@hooks.example/", events, "The URL must not contain a password."],
    [url, [], "Select at least one event."],
    [url, ["user.signed_in"], "Choose events that webhooks can get."],
    [`https://hooks.example/${"x".repeat(2_000)}`, events, "The URL can be up to 2,000 characters."],
  ])("The webhook %.40s with %j is rejected: %s", async (to, wanted, message) => {
    const { userErrors } = await admin.mutate("createWebhook", { url: to, events: wanted });
    expect(userErrors).toMatchObject([{ message }]);
    expect(await list()).toEqual([]);
  });

  test("Its secrets, the current and the previous one, move to a new encryption key", async () => {
    const { webhook, secret } = await admin.mutate("createWebhook", { url, events });
    const rotated = (await admin.mutate("rotateWebhookSecret", { id: webhook.id })).secret;
    const { app, clock } = server();
    const old = parseEncryptionKeys(server().database.env.HALLPASS_ENCRYPTION_KEYS ?? readKeysFile(keysFile()));
    const keyring = createKeyring([{ id: "new", key: randomBytes(32) }, ...old]);
    await rotateEncryptionKeys({ ...app, keyring });
    const stored = await app.dataSource.manager.findOneByOrFail(WebhookEntity, { id: webhook.id });
    expect([stored.keyId, stored.previousKeyId]).toEqual(["new", "new"]);
    expect(openSecrets(keyring, stored, clock.now())).toEqual([rotated, secret]);
  });

  test("An account can have ten", async () => {
    for (let each = 0; each < 10; each++) await admin.mutate("createWebhook", { url, events });
    expect((await admin.mutate("createWebhook", { url, events })).userErrors).toMatchObject([
      { code: "LIMIT_REACHED" },
    ]);
  });

  test("A message is attempted for three days, at growing intervals, and then given up", async () => {
    const { webhook } = await admin.mutate("createWebhook", { url, events });
    const { manager } = server().app.dataSource;
    await manager.insert(WebhookDeliveryEntity, {
      id: "d".repeat(24),
      webhookId: webhook.id,
      messageId: "AUD-0001-0002-1",
      sequence: 1,
      event: "api_token.created",
      status: "PENDING",
      attempts: 0,
      createdAt: server().clock.now(),
      nextAttemptAt: server().clock.now(),
    });
    const read = () => manager.findOneByOrFail(WebhookDeliveryEntity, { id: "d".repeat(24) });
    const entity = await manager.findOneByOrFail(WebhookEntity, { id: webhook.id });
    const pauses: number[] = [];
    for (let delivery = await read(); delivery.status === "PENDING"; delivery = await read()) {
      pauses.push((delivery.nextAttemptAt?.getTime() ?? 0) - server().clock.now().getTime());
      server().clock.advance(pauses.at(-1) ?? 0);
      // No such host exists.
      await deliver(server().app, entity, delivery);
    }
    const total = pauses.reduce((sum, pause) => sum + pause, 0);
    server().clock.advance(-total);
    const days = total / 86_400_000;
    expect(days).toBeGreaterThan(3);
    expect(days).toBeLessThan(4);
    expect(pauses.slice(1)).toEqual(pauses.slice(1).toSorted((a, b) => a - b));
    expect(await read()).toMatchObject({ status: "FAILED", nextAttemptAt: null, attempts: 13, responseStatus: null });
  });
});

import { createHash, randomBytes } from "node:crypto";
import { parseTokenValue } from "@hallpass/shared";
import { modules } from "./support/platform.js";
import { TestServer, useServer } from "./support/test-server.js";

describe("Token values", () => {
  const server = useServer();
  const reveal = async (id: string, purpose = "SHOW") =>
    (await server().as("admin")).mutate("revealApiToken", { id, purpose });
  const secretOf = async (id: string) =>
    (await server().sql("SELECT * FROM api_token_secret WHERE token_id = ?", [id]))[0];

  test("A value has the published format, contains its token’s ID and is unique", async () => {
    const tokens = await Promise.all(Array.from({ length: 5 }, () => server().createToken()));
    for (const { id, value } of tokens) {
      expect(value).toMatch(/^hp_[0-9]{8}_[0-9A-Za-z]{38}$/);
      expect(parseTokenValue(value)).toEqual({ tokenId: id });
    }
    expect(new Set(tokens.map(({ value }) => value.slice(12, 44))).size).toBe(5);
  });

  test("Each reveal returns the created value and records its purpose", async () => {
    const { id, value } = await server().createToken();
    expect(await reveal(id, "SHOW")).toEqual({ value, userErrors: [] });
    expect(await reveal(id, "COPY")).toEqual({ value, userErrors: [] });
    const trail = await server().trail("admin", { objectIds: [id], events: ["api_token.revealed"] });
    expect(trail.map(({ details }) => JSON.parse(details).after.purpose)).toEqual(["SHOW", "COPY"]);
    expect(trail.map(({ actor }) => actor.name)).toEqual(["Ada Admin", "Ada Admin"]);
  });

  test("A value is stored only as a SHA-256 digest and a ciphertext", async () => {
    const { id, value } = await server().createToken();
    const { digest, ciphertext, key_id } = await secretOf(id);
    expect(digest).toBe(createHash("sha256").update(value).digest("hex"));
    expect(Buffer.from(ciphertext)).toHaveLength(12 + value.length + 16);
    expect(key_id).toMatch(/^\w+$/);
    for (const text of ["latin1", "utf8"] as const) expect(ciphertext.toString(text)).not.toContain(value.slice(12));
  });

  test("Each value is encrypted with a different nonce", async () => {
    const [one, other] = await Promise.all([server().createToken(), server().createToken()]);
    const nonces = await Promise.all(
      [one, other].map(async ({ id }) => (await secretOf(id)).ciphertext.subarray(0, 12)),
    );
    expect(nonces[0]).not.toEqual(nonces[1]);
  });

  test("A ciphertext cannot be decrypted in another row", async () => {
    const mine = await server().createToken();
    const other = await server().createToken();
    const { ciphertext } = await secretOf(other.id);
    await server().sql("UPDATE api_token_secret SET ciphertext = ? WHERE token_id = ?", [ciphertext, mine.id]);
    const answer = await (await server().as("admin")).ask(
      "mutation ($id: ID!) { revealApiToken(input: { id: $id, purpose: SHOW }) { value } }",
      { id: mine.id },
    );
    expect(answer.errors).toHaveLength(1);
    expect(answer.text).not.toContain(other.value);
    expect(await server().trail("admin", { objectIds: [mine.id], events: ["api_token.revealed"] })).toEqual([]);
  });

  test("A ciphertext with a flipped bit cannot be decrypted", async () => {
    const { id } = await server().createToken();
    const { ciphertext } = await secretOf(id);
    ciphertext[20] ^= 1;
    await server().sql("UPDATE api_token_secret SET ciphertext = ? WHERE token_id = ?", [ciphertext, id]);
    await expect(reveal(id)).rejects.toThrow();
  });

  test("A value can be checked without its key, but revealed only with it", async () => {
    const { id, value } = await server().createToken();
    const { HALLPASS_ENCRYPTION_KEYS: _, ...env } = server().database.env;
    const HALLPASS_ENCRYPTION_KEYS = `other:${randomBytes(32).toString("base64")}`;
    const database = { ...server().database, env: { ...env, HALLPASS_ENCRYPTION_KEYS } };
    const withAnotherKey = await TestServer.start({ database, platform: null });
    expect((await withAnotherKey.program(value).fetch("/authorize")).status).toBe(200);
    const admin = await withAnotherKey.signIn("admin");
    await expect(admin.mutate("revealApiToken", { id, purpose: "SHOW" })).rejects.toThrow("SERVICE_UNAVAILABLE");
    await withAnotherKey.stop();
    expect((await reveal(id)).value).toBe(value);
  });

  test("A start with a different key under the same ID fails", async () => {
    const { id } = await server().createToken();
    const { key_id } = await secretOf(id);
    const HALLPASS_ENCRYPTION_KEYS = `${key_id}:${randomBytes(32).toString("base64")}`;
    const database = { ...server().database, env: { ...server().database.env, HALLPASS_ENCRYPTION_KEYS } };
    await expect(TestServer.start({ database, platform: null })).rejects.toThrow("is not the key with that ID");
  });

  test("A reveal without the configured key returns 503 and mentions the key", async () => {
    const { id } = await server().createToken();
    await server().sql("UPDATE api_token_secret SET key_id = 'gone' WHERE token_id = ?", [id]);
    const { errors, status } = await (await server().as("admin")).ask(
      "mutation ($id: ID!) { revealApiToken(input: { id: $id, purpose: SHOW }) { value } }",
      { id },
    );
    expect(status).toBe(503);
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining("key"),
      extensions: { code: "SERVICE_UNAVAILABLE" },
    });
  });

  test("A value appears in no list, field or audit record", async () => {
    const { id, value } = await server().createToken({ moduleIds: [modules.accessManagement, modules.audit] });
    await reveal(id);
    const secret = value.slice(12, 44);
    const { text } = await server()
      .program(value)
      .ask(`{
      viewer { actor { id name } }
      node(id: "${id}") { id ... on ApiToken { maskedValue endpoint } }
      apiTokens(first: 100) { nodes { id name description maskedValue iconUrl events { kind } } }
      auditTrail(first: 100) { nodes { summary details objectName ip userAgent } }
      __schema { types { name fields { name } } }
    }`);
    expect(text).toContain(`hp_${value.slice(3, 11)}_••••••••`);
    expect(text).not.toContain(secret);
    for (const table of ["audit_record", "api_token", "api_token_event", "idempotency_key"])
      expect(JSON.stringify(await server().sql(`SELECT * FROM ${table}`))).not.toContain(secret);
  });

  test("A value is never logged, whatever request contains it", async () => {
    const { id, value } = await server().createToken({ moduleIds: [modules.accessManagement] });
    const admin = await server().as("admin");
    const stranger = server().nobody();
    const wrong = `${value.slice(0, -1)}${value.endsWith("0") ? "1" : "0"}`;
    await reveal(id);
    await server().program(value).data("{ viewer { role } }");
    for (const each of [value, wrong]) {
      await server().program(each).fetch("/authorize?module=MOD-1255");
      await server().program(each).ask("{ viewer { role } }");
      await stranger.fetch(`/authorize?access_token=${each}`);
      await stranger.fetch(`/authorize/${each}?module=${each}`, { headers: { Authorization: `Basic ${each}` } });
      await stranger.fetch(`/icons/${each}`);
      await stranger.fetch(`/${each}`);
      await stranger.askRaw(`{"query": "${each}`);
      await stranger.ask(each);
      await admin.ask(
        "mutation ($input: UpdateApiTokenInput!) { updateApiToken(input: $input) { userErrors { code } } }",
        {
          input: { id, version: each },
        },
      );
      await admin.ask("query ($id: ID!) { apiToken(id: $id) { id } }", { id: each });
    }
    await server().sql("UPDATE api_token_secret SET ciphertext = ? WHERE token_id = ?", [Buffer.from(value), id]);
    await reveal(id).catch(() => {});
    await admin.mutate("disableApiToken", { id });
    await server().program(value).fetch("/authorize");

    expect(server().log.length).toBeGreaterThan(3);
    for (const secret of [value.slice(12, 44), wrong.slice(-6), "Bearer", "correct horse"])
      expect(server().log.filter((line) => line.includes(secret))).toEqual([]);
  });
});

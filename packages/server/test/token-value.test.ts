import { createHash, randomBytes } from "node:crypto";
import { parseTokenValue } from "@hallpass/shared";
import { modules } from "./support/platform.js";
import { TestServer, useServer } from "./support/test-server.js";

describe("a token's value", () => {
  const server = useServer();
  const reveal = async (id: string, purpose = "SHOW") =>
    (await server().as("admin")).mutate("revealApiToken", { id, purpose });
  const secretOf = async (id: string) =>
    (await server().sql("SELECT * FROM api_token_secret WHERE token_id = ?", [id]))[0];

  test("has the published form, names its token and is like no other", async () => {
    const tokens = await Promise.all(Array.from({ length: 5 }, () => server().createToken()));
    for (const { id, value } of tokens) {
      expect(value).toMatch(/^hp_[0-9]{8}_[0-9A-Za-z]{38}$/);
      expect(parseTokenValue(value)).toEqual({ tokenId: id });
    }
    expect(new Set(tokens.map(({ value }) => value.slice(12, 44))).size).toBe(5);
  });

  test("is revealed as it was created, to show and to copy, each time with a record", async () => {
    const { id, value } = await server().createToken();
    expect(await reveal(id, "SHOW")).toEqual({ value, userErrors: [] });
    expect(await reveal(id, "COPY")).toEqual({ value, userErrors: [] });
    const trail = await server().trail("admin", { objectIds: [id], events: ["api_token.revealed"] });
    expect(trail.map(({ details }) => JSON.parse(details).after.purpose)).toEqual(["SHOW", "COPY"]);
    expect(trail.map(({ actor }) => actor.name)).toEqual(["Ada Admin", "Ada Admin"]);
  });

  test("is stored as SHA-256 and as a ciphertext, never as it is", async () => {
    const { id, value } = await server().createToken();
    const { digest, ciphertext, key_id } = await secretOf(id);
    expect(digest).toBe(createHash("sha256").update(value).digest("hex"));
    expect(Buffer.from(ciphertext)).toHaveLength(12 + value.length + 16);
    expect(key_id).toMatch(/^\w+$/);
    for (const text of ["latin1", "utf8"] as const) expect(ciphertext.toString(text)).not.toContain(value.slice(12));
  });

  test("is encrypted with another nonce each time", async () => {
    const [one, other] = await Promise.all([server().createToken(), server().createToken()]);
    const nonces = await Promise.all(
      [one, other].map(async ({ id }) => (await secretOf(id)).ciphertext.subarray(0, 12)),
    );
    expect(nonces[0]).not.toEqual(nonces[1]);
  });

  test("does not open in another row", async () => {
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

  test("does not open when a bit of it was changed", async () => {
    const { id } = await server().createToken();
    const { ciphertext } = await secretOf(id);
    ciphertext[20] ^= 1;
    await server().sql("UPDATE api_token_secret SET ciphertext = ? WHERE token_id = ?", [ciphertext, id]);
    await expect(reveal(id)).rejects.toThrow();
  });

  test("is checked without its key, but revealed only with it", async () => {
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

  test("is not put at risk by a wrong key: with another of the same name there is no start", async () => {
    const { id } = await server().createToken();
    const { key_id } = await secretOf(id);
    const HALLPASS_ENCRYPTION_KEYS = `${key_id}:${randomBytes(32).toString("base64")}`;
    const database = { ...server().database, env: { ...server().database.env, HALLPASS_ENCRYPTION_KEYS } };
    await expect(TestServer.start({ database, platform: null })).rejects.toThrow("is not the key with that ID");
  });

  test("whose key is not configured is answered with what is the matter", async () => {
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

  test("is in no list, no field and no audit record", async () => {
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

  test("is never logged, whatever is done with it", async () => {
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

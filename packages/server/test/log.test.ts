import { createHash } from "node:crypto";
import { runCommand } from "./support/command-line.js";
import { modules, password, people } from "./support/platform.js";
import { useServer } from "./support/test-server.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("Log", () => {
  const keyText = Buffer.alloc(32, 7).toString("base64");
  const server = useServer({ env: { HALLPASS_ENCRYPTION_KEYS: `k1:${keyText}` } });

  test("The log contains no secrets, even after database errors", async () => {
    const admin = await server().signIn("admin");
    const verifier = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
    const token = await server().createToken({ moduleIds: [modules.accessManagement, modules.audit] }, admin);
    const { value: rotated } = await admin.mutate("rotateApiToken", { id: token.id });
    await admin.mutate("revealApiToken", { id: token.id, purpose: "COPY" });
    await server().nobody().mutate("signIn", { email: people.admin.email, password: "hunter2-hunter2" });
    await server().nobody().mutate("signIn", { email: "hunter2-hunter2@client.example", password });
    for (const value of [token.value, rotated]) {
      await server().program(value).fetch("/authorize?module=MOD-1320");
      await server().program(value).fetch("/exports/audit-trail.csv");
      const basic = Buffer.from(`${verifier.id}:${verifier.value}`).toString("base64");
      const body = new URLSearchParams({ token: value });
      await server()
        .nobody()
        .fetch("/oauth2/introspect", { method: "POST", body, headers: { Authorization: `Basic ${basic}` } });
      await server().nobody().fetch(`/oauth2/introspect?token=${value}`, { method: "POST", body: value });
    }
    // TypeORM's errors contain the parameters of failed statements: digests, ciphertexts, cookies, hashes.
    for (const table of ["audit_record", "api_token_secret", "session", "membership"]) {
      await server().sql(`ALTER TABLE ${table} RENAME TO lost`);
      await admin.ask('mutation { createApiToken(input: { name: "Robot", moduleIds: ["MOD-1310"] }) { value } }');
      await admin.ask(`mutation { rotateApiToken(input: { id: "${token.id}" }) { value } }`);
      await server()
        .nobody()
        .ask(
          `mutation { signIn(input: { email: "${people.auditor.email}", password: "${password}" }) { viewer { role } } }`,
        );
      await server().program(rotated).fetch("/authorize");
      await admin.fetch("/exports/audit-trail.jsonl");
      await server().sql(`ALTER TABLE lost RENAME TO ${table}`);
    }
    const cookie = [...admin.cookies.values()][0] ?? "";
    const secrets = [token, { value: rotated }, verifier].flatMap(({ value }) => [value.slice(12, 44), sha256(value)]);
    const log = server().log.join("");
    for (const secret of [...secrets, cookie, sha256(cookie), password, "hunter2", keyText, "$argon2"]) {
      expect(secret.length).toBeGreaterThan(6);
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").slice(0, -4)])
        expect(log).not.toContain(form);
    }
    expect(log).toContain("request failed");
  });

  test("The log consists of JSON lines with time, level and message, and request IDs for failures", async () => {
    const lines = server().log.map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines)
      expect(line).toMatchObject({ time: expect.any(Number), level: expect.any(Number), msg: expect.any(String) });
    const ids = lines.filter(({ msg }) => msg === "request failed").map(({ reqId }) => reqId);
    expect(ids.length).toBeGreaterThan(5);
    expect(new Set(ids.filter(Boolean)).size).toBeGreaterThan(5);
  });

  test("The log of a failed start contains neither the database password nor the encryption key", async () => {
    const { status, out, err } = await runCommand(["serve"], server().database.dataDir, {
      DATABASE_URL: "mysql://hallpass:s3cret-of-the-database@127.0.0.1:1/hallpass",
      HALLPASS_ENCRYPTION_KEYS: `k1:${keyText}`,
    });
    expect([status, err]).toEqual([1, expect.stringContaining("The database cannot be reached")]);
    expect(out + err).not.toMatch(/s3cret|BwcHBwc/);
  });
});

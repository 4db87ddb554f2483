import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, ConfigError, readConfig } from "./config.js";

const key = (id = "k1") => `${id}:${Buffer.alloc(32, 7).toString("base64")}`;
const database = "mariadb://user:p%40ss@db.example:3307/hallpass";

const oidc = { OIDC_ISSUER: "https://idp.example", OIDC_CLIENT_ID: "hallpass", OIDC_CLIENT_SECRET: "a secret" };

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("Settings", () => {
  test("Every setting has a default", () => {
    expect(readConfig({})).toMatchObject<Partial<Config>>({
      host: "127.0.0.1",
      port: 4000,
      database: null,
      dataDir: "data",
      encryptionKeys: null,
      publicUrl: new URL("http://127.0.0.1:4000"),
      apiEndpoint: "http://127.0.0.1:4000/graphql",
      trustProxy: [],
      logLevel: "info",
    });
  });

  test("An empty setting counts as not set", () => {
    expect(readConfig({ PORT: "", DATABASE_URL: "", PUBLIC_URL: "" })).toEqual(readConfig({}));
  });

  test("DATABASE_URL names a server database, with several hosts to try in order", () => {
    const { database: one } = readConfig({ DATABASE_URL: database, HALLPASS_ENCRYPTION_KEYS: key() });
    expect(one).toEqual({
      user: "user",
      password: "p@ss",
      name: "hallpass",
      tls: null,
      hosts: [{ host: "db.example", port: 3307 }],
    });
    const DATABASE_URL = "mysql://u:p@a.example,b.example:80,[::1]:3308/h";
    expect(readConfig({ DATABASE_URL, HALLPASS_ENCRYPTION_KEYS: key() }).database?.hosts).toEqual([
      { host: "a.example", port: 3306 },
      { host: "b.example", port: 80 },
      { host: "::1", port: 3308 },
    ]);
  });

  test("Encryption keys can come from a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "hallpass-test-"));
    const file = join(folder, "keys");
    writeFileSync(file, `${key("new")},\n${key("old")}\n`);
    const { encryptionKeys } = readConfig({ HALLPASS_ENCRYPTION_KEYS_FILE: file });
    rmSync(folder, { recursive: true });
    expect(encryptionKeys?.map(({ id }) => id)).toEqual(["new", "old"]);
  });

  test("All invalid settings are reported at once", () => {
    const problems = problemsOf({
      PORT: "70000",
      DATABASE_URL: "postgres://db/x",
      HALLPASS_ENCRYPTION_KEYS: "k1:short",
      HALLPASS_ENCRYPTION_KEYS_FILE: "/no/such/file",
      PUBLIC_URL: "ftp://x",
      API_ENDPOINT: "nowhere",
      TRUST_PROXY: "10.0.0.0/33",
      LOG_LEVEL: "loud",
    });
    for (const name of [
      ...["PORT", "DATABASE_URL", "HALLPASS_ENCRYPTION_KEYS ", "HALLPASS_ENCRYPTION_KEYS_FILE", "PUBLIC_URL"],
      ...["API_ENDPOINT", "TRUST_PROXY", "LOG_LEVEL"],
    ])
      expect(problems.filter((problem) => problem.startsWith(name)).length).toBeGreaterThan(0);
  });

  test.each<[string, Record<string, string>]>([
    ["a port that is not a number", { PORT: "http" }],
    ["a negative port", { PORT: "-1" }],
    ["a file of keys that is not there", { HALLPASS_ENCRYPTION_KEYS_FILE: "/no/such/file" }],
    ["the same key twice", { HALLPASS_ENCRYPTION_KEYS: `${key()},${key()}` }],
    ["a key of 31 bytes", { HALLPASS_ENCRYPTION_KEYS: `k:${Buffer.alloc(31).toString("base64")}` }],
    ["a key in hex", { HALLPASS_ENCRYPTION_KEYS: `k:${"ab".repeat(32)}` }],
    ["a key without an id", { HALLPASS_ENCRYPTION_KEYS: `:${Buffer.alloc(32).toString("base64")}` }],
    ["no key at all", { HALLPASS_ENCRYPTION_KEYS: "," }],
    ["a proxy by name", { TRUST_PROXY: "proxy.example" }],
    ["every IPv4 address for a proxy", { TRUST_PROXY: "10.0.0.1, 0.0.0.0/0" }],
    ["every IPv6 address for a proxy", { TRUST_PROXY: "::/00" }],
    ["a password in the web app's URL", { PUBLIC_URL: "https://ada:hunter2@hallpass.example" }],
    [
      "TLS to a host that is an IP address",
      { DATABASE_URL: "mysql://u:p@10.0.0.1/d?ssl=true", HALLPASS_ENCRYPTION_KEYS: key() },
    ],
    [
      "a missing file of certificates",
      { DATABASE_URL: "mysql://u:p@h/d?ssl=true&ssl-ca=/no/file", HALLPASS_ENCRYPTION_KEYS: key() },
    ],
    [
      "a file of certificates that has none",
      { DATABASE_URL: "mysql://u:p@h/d?ssl=true&ssl-ca=/etc/hostname", HALLPASS_ENCRYPTION_KEYS: key() },
    ],
    ["TLS both on and off", { DATABASE_URL: "mysql://u:p@h/d?ssl=false&ssl=true", HALLPASS_ENCRYPTION_KEYS: key() }],
    [
      "certificates without TLS",
      { DATABASE_URL: "mysql://u:p@h/d?ssl-ca=/etc/passwd", HALLPASS_ENCRYPTION_KEYS: key() },
    ],
    [
      "a mistyped parameter of the database",
      { DATABASE_URL: "mysql://u:p@h/d?sslmode=required", HALLPASS_ENCRYPTION_KEYS: key() },
    ],
    ["an identity provider over http", { ...oidc, OIDC_ISSUER: "http://idp.example" }],
    ["an identity provider without its secret", { ...oidc, OIDC_CLIENT_SECRET: "" }],
    ["an SMTP server without a sender", { SMTP_URL: "smtp://mail.example" }],
    ["a sender without an SMTP server", { SMTP_FROM: "hallpass@client.example" }],
    ["an SMTP server without a host", { SMTP_URL: "smtp://", SMTP_FROM: "hallpass@client.example" }],
    ["a web server for emails", { SMTP_URL: "https://mail.example", SMTP_FROM: "hallpass@client.example" }],
    ["no way to sign in", { PASSWORD_SIGN_IN: "off" }],
    ["sessions that end at once", { HALLPASS_SESSION_IDLE_MINUTES: "0" }],
    ["a collector that is no URL", { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }],
    ["a user in the API's URL", { API_ENDPOINT: "https://ada@hallpass.example/graphql" }],
    ["a database without a name", { DATABASE_URL: "mysql://u:p@h", HALLPASS_ENCRYPTION_KEYS: key() }],
    ["a password that is not encoded", { DATABASE_URL: "mysql://u:%zz@h/d", HALLPASS_ENCRYPTION_KEYS: key() }],
  ])("The server does not start with %s", (_what, env) => {
    expect(problemsOf(env)).toHaveLength(1);
  });

  test("An identity provider needs all of its settings, and may be on this machine without TLS", () => {
    expect(readConfig(oidc)).toMatchObject({
      identityProvider: { issuer: new URL("https://idp.example/"), clientId: "hallpass", clientSecret: "a secret" },
      passwordSignIn: true,
    });
    const local = { ...oidc, OIDC_ISSUER: "http://127.0.0.1:9000", PASSWORD_SIGN_IN: "off" };
    expect(readConfig(local)).toMatchObject({ passwordSignIn: false });
    expect(problemsOf({ OIDC_CLIENT_ID: "hallpass" })).toEqual([
      "OIDC_ISSUER and OIDC_CLIENT_SECRET must be set. An identity provider needs all of OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET",
    ]);
  });

  test("Error messages never contain secret settings", () => {
    const secrets = ["hunter2-hunter2", "c2VjcmV0LWtleQ==", "redis-s3cret"];
    const problems = problemsOf({
      DATABASE_URL: `postgres://admin:${secrets[0]}@db/x`,
      HALLPASS_ENCRYPTION_KEYS: `k1:${secrets[1]}`,
      REDIS_URL: `http://:${secrets[2]}@redis`,
      PORT: "x",
    });
    expect(problems.length).toBeGreaterThanOrEqual(3);
    for (const secret of secrets) expect(problems.join("\n")).not.toContain(secret);
    // A key in hex, without its ID, looks like an ID.
    const hex = "5ec4e7".repeat(10);
    expect(problemsOf({ HALLPASS_ENCRYPTION_KEYS: hex }).join()).not.toContain(hex);
  });
});

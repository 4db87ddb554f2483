import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { type Certificates, createCertificates } from "../../support/certificates.js";
import { runCommand } from "../../support/command-line.js";
import { createMariadbDatabase, type TestDatabase } from "../../support/database.js";
import { freePort, type Mariadb, startMariadb } from "../../support/mariadb.js";
import { modules } from "../../support/platform.js";
import {
  applyPlatformFile,
  describeWith,
  HallpassProcess,
  type Running,
  startProgram,
  until,
} from "../../support/programs.js";

describeWith(["openssl", "redis-server"], "TLS", () => {
  let folder: string;
  let own: Certificates;
  let another: Certificates;
  let elsewhere: Certificates;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hallpass-tls-"));
    own = createCertificates(folder, "own", "localhost");
    another = createCertificates(folder, "another", "localhost");
    elsewhere = createCertificates(folder, "elsewhere", "db.example");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe("To a MariaDB that accepts no other connections", () => {
    let mariadb: Mariadb;
    let database: TestDatabase;
    let misnamed: Mariadb;

    const options = ({ ca, certificate, key }: Certificates) => [
      `--ssl-ca=${ca}`,
      `--ssl-cert=${certificate}`,
      `--ssl-key=${key}`,
    ];
    beforeAll(async () => {
      mariadb = await startMariadb({ durable: false, options: options(own) });
      misnamed = await startMariadb({ durable: false, options: options(elsewhere) });
      database = await createMariadbDatabase(mariadb.port);
      const connection = await mysql.createConnection({ host: "127.0.0.1", port: mariadb.port, user: "root" });
      await connection.query("SET GLOBAL require_secure_transport = ON");
      await connection.end();
    });
    afterAll(async () => {
      await mariadb?.remove();
      await misnamed?.remove();
    });

    const urlWith = (parameters: string, port = mariadb.port) =>
      `${(database.env.DATABASE_URL ?? "").replace(/127\.0\.0\.1:\d+/, `localhost:${port}`)}${parameters}`;
    const trusting = (ca: string) => `?ssl=true&ssl-ca=${ca}`;

    test("Hallpass works with ssl=true and the server's certificate authority", async () => {
      const env = { ...database.env, DATABASE_URL: urlWith(trusting(own.ca)) };
      await applyPlatformFile(env);
      const hallpass = await HallpassProcess.start(env);
      try {
        const admin = await hallpass.signIn("admin");
        const { value } = await admin.mutate("createApiToken", { name: "Robot", moduleIds: [modules.orders] });
        expect(await hallpass.check(value)).toBe(200);
      } finally {
        await hallpass.kill();
      }
    });

    test.each([
      ["without TLS", () => urlWith(""), "Access denied"],
      ["with ssl=true, but without the authority", () => urlWith("?ssl=true"), "certificate"],
      ["with the authority of another server", () => urlWith(trusting(another.ca)), "certificate"],
      ["with a server of another name", () => urlWith(trusting(elsewhere.ca), misnamed.port), "db.example"],
    ])("Hallpass does not start %s, and says why in one line", async (_how, url, words) => {
      const env = { ...database.env, DATABASE_URL: url(), PORT: "0" };
      const { status, out, err } = await runCommand(["serve"], database.dataDir, env);
      expect({ status, out }).toEqual({ status: 1, out: "" });
      expect(err).toMatch(/^The database cannot be used: [^\n]+\n$/);
      expect(err).toContain(words);
    });
  });

  describe("To Redis", () => {
    let redis: Running;
    let database: TestDatabase;
    beforeAll(async () => {
      const port = await freePort();
      const { ca, certificate, key } = own;
      const tls = ["--tls-ca-cert-file", ca, "--tls-cert-file", certificate, "--tls-key-file", key];
      const only = ["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no", "--save", ""];
      redis = await startProgram("redis-server", ["--bind", "127.0.0.1", ...only, ...tls], port);
      database = await createMariadbDatabase(Number(process.env.HALLPASS_TEST_MARIADB_PORT));
      await applyPlatformFile(database.env);
    });
    afterAll(async () => {
      await redis?.kill();
      await database?.remove();
    });

    test.each([
      ["is used with a certificate authority that Node.js trusts", () => own.ca, "up"],
      ["is not used with another one", () => another.ca, "down"],
    ])("Redis at a rediss:// URL %s", async (_how, ca, state) => {
      const env = { ...database.env, REDIS_URL: `rediss://localhost:${redis.port}`, NODE_EXTRA_CA_CERTS: ca() };
      const hallpass = await HallpassProcess.start(env);
      try {
        const readiness = async () => (await hallpass.nobody().fetch("/readyz")).json();
        await until(async () => ((await readiness()) as { redis: string }).redis === state);
      } finally {
        await hallpass.kill();
      }
    });
  });
});

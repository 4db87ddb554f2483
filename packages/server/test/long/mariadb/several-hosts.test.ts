import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import mysql from "mysql2/promise";
import { createCertificates } from "../../support/certificates.js";
import { createMariadbDatabase, type TestDatabase } from "../../support/database.js";
import { type Mariadb, startMariadb } from "../../support/mariadb.js";
import { modules } from "../../support/platform.js";
import { applyPlatformFile, decided, describeWith, HallpassProcess, until } from "../../support/programs.js";

/** Two servers with the same accounts, of which the first accepts no writes, hangs or is away. Connections use TLS. */
describeWith(["openssl"], "Several hosts in DATABASE_URL", () => {
  let folder: string;
  let first: Mariadb;
  let second: Mariadb;
  let database: TestDatabase;
  let hallpass: HallpassProcess | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hallpass-hosts-"));
    const { ca, certificate, key } = createCertificates(folder, "own", "localhost");
    const options = [`--ssl-ca=${ca}`, `--ssl-cert=${certificate}`, `--ssl-key=${key}`];
    const start = () => startMariadb({ durable: false, options });
    [first, second] = await Promise.all([start(), start()]);
    database = await createMariadbDatabase(second.port);
    await sql(first, `CREATE DATABASE ${nameOf(database)} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    await applyPlatformFile(database.env);
    await applyPlatformFile({ ...database.env, DATABASE_URL: urlOf(first) });
  });
  afterEach(async () => {
    first.signal("SIGCONT");
    await hallpass?.kill();
    hallpass = undefined;
  });
  afterAll(async () => {
    await first?.remove();
    await second?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const nameOf = ({ env }: TestDatabase) => new URL(env.DATABASE_URL ?? "").pathname.slice(1);
  const urlOf = (...servers: Mariadb[]) =>
    `mariadb://root:@${servers.map(({ port }) => `localhost:${port}`).join(",")}/${nameOf(database)}?ssl=true&ssl-ca=${folder}/own-ca.pem`;
  async function sql(server: Mariadb, statement: string): Promise<{ n: number }[]> {
    const connection = await mysql.createConnection({ host: "127.0.0.1", port: server.port, user: "root" });
    const [rows] = await connection.query(statement);
    await connection.end();
    return rows as never;
  }
  const start = async (...servers: Mariadb[]) => {
    const url = urlOf(...(servers.length > 0 ? servers : [first, second]));
    hallpass = await HallpassProcess.start({ ...database.env, DATABASE_URL: url });
    return hallpass;
  };
  const create = async (process: HallpassProcess): Promise<string> => {
    const admin = await process.signIn("admin");
    return (await admin.mutate("createApiToken", { name: "Robot", moduleIds: [modules.orders] })).value;
  };
  const connectionsTo = async (server: Mariadb) =>
    Number(
      (
        await sql(server, `SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE DB = '${nameOf(database)}'`)
      )[0]?.n,
    );
  const tokensIn = async (server: Mariadb) =>
    Number((await sql(server, `SELECT COUNT(*) AS n FROM ${nameOf(database)}.api_token`))[0]?.n);

  test("A server that accepts no writes is passed over, as a replica learns of revocations late", async () => {
    await sql(first, "SET GLOBAL read_only = ON");
    try {
      const before = [await tokensIn(first), await tokensIn(second)];
      const value = await create(await start());
      expect(await hallpass?.check(value)).toBe(200);
      expect([await tokensIn(first), await tokensIn(second)]).toEqual([before[0], (before[1] ?? 0) + 1]);
    } finally {
      await sql(first, "SET GLOBAL read_only = OFF");
    }
  });

  test("At the start, a server that hangs is passed over", async () => {
    first.signal("SIGSTOP");
    const process = await start();
    expect(await process.check(await create(process))).toBe(200);
  });

  test("A process leaves a server that hangs, and returns to it without a restart", async () => {
    const process = await start();
    await create(process);
    expect([(await connectionsTo(first)) > 0, await connectionsTo(second)]).toEqual([true, 0]);
    first.signal("SIGSTOP");
    // Those of the first are unknown to the second, as these servers do not replicate.
    await until(async () => (await connectionsTo(second)) > 0);
    await until(async () => (await (await process.nobody().fetch("/readyz")).text()).includes('"database":"up"'));
    const value = await create(process);
    expect(await decided(() => process.check(value))).toBe(200);
    const metrics = await (await process.nobody().fetch("/metrics")).text();
    expect(metrics).toContain(`hallpass_database_node_in_use{node="localhost:${second.port}"} 1`);
    expect(metrics).toContain(`hallpass_database_node_left_total{node="localhost:${first.port}"} 1`);
    first.signal("SIGCONT");
    await until(async () => (await connectionsTo(first)) > 0);
  });

  test("With the others away, a process that hangs with its server moves on once another works", async () => {
    await second.kill();
    const process = await start(second, first);
    await create(process);
    first.signal("SIGSTOP");
    await until(async () => (await process.nobody().fetch("/readyz")).status === 503);
    await Promise.all(Array.from({ length: 20 }, () => process.check(`hp_12345678_${"x".repeat(38)}`)));
    await sleep(3_000);
    await second.start();
    await until(async () => (await (await process.nobody().fetch("/readyz")).text()).includes('"database":"up"'), {
      limitMs: 30_000,
    });
    const value = await create(process);
    expect(await decided(() => process.check(value))).toBe(200);
  });
});

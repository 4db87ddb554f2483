import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { dumpMariadb, loadMariadb } from "../../support/mariadb-dump.js";
import { modules } from "../../support/platform.js";
import { applyPlatformFile, HallpassProcess, runCommand, until } from "../../support/programs.js";

/** The promised bound on a revocation, in ms. */
const bound = 1_000;

interface Token {
  id: string;
  value: string;
}

interface Check {
  /** Index of the process. */
  at: number;
  askedAt: number;
  status: number;
}

describe("Restore under two running processes", () => {
  const folder = mkdtempSync(join(tmpdir(), "hallpass-restore-"));
  const dump = join(folder, "hallpass.sql");
  let database: TestDatabase;
  let processes: HallpassProcess[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    await applyPlatformFile(database.env);
    processes = await Promise.all([HallpassProcess.start(database.env), HallpassProcess.start(database.env)]);
  });
  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await database?.remove();
    rmSync(folder, { recursive: true });
  });

  const first = () => processes[0] as HallpassProcess;

  async function createToken(): Promise<Token> {
    const admin = await first().signIn("admin");
    const { apiToken, value } = await admin.mutate("createApiToken", { name: "Robot", moduleIds: [modules.catalogue] });
    return { id: apiToken.id, value };
  }

  /** Retries once, as usage written between two statements of the import makes it fail. */
  const restore = (file: string) => loadMariadb(database, file).catch(() => loadMariadb(database, file));

  const warm = async ({ value }: Token) => {
    for (const each of processes) await until(async () => (await each.check(value)) === 200);
  };

  /** Checks the token continuously at every process, so that it stays cached. */
  function watch({ value }: Token) {
    const checks: Check[] = [];
    let ended = false;
    const watching = processes.map(async (each, at) => {
      while (!ended) {
        const askedAt = performance.now();
        checks.push({ at, askedAt, status: await each.check(value) });
        await sleep(5);
      }
    });
    return {
      /** The statuses of checks sent later than the bound after this moment, once each process has answered some. */
      async statusesAfter(moment: number): Promise<number[]> {
        const late = () => checks.filter(({ askedAt }) => askedAt > moment + bound);
        await until(() => processes.every((_each, index) => late().filter(({ at }) => at === index).length >= 20));
        return [...new Set(late().map(({ status }) => status))];
      },
      async end() {
        ended = true;
        await Promise.all(watching);
      },
    };
  }

  test("A token without a row, or disabled after the restore, is denied within the bound by both processes", async () => {
    const kept = await createToken();
    await dumpMariadb(database, dump);
    const lost = await createToken();
    // The restored trail is shorter than the one both processes followed.
    for (let index = 0; index < 5; index++) await createToken();
    await warm(kept);
    await warm(lost);
    const watchLost = watch(lost);
    const watchKept = watch(kept);

    await restore(dump);
    const restored = performance.now();
    expect(await watchLost.statusesAfter(restored)).toEqual([401]);
    await watchLost.end();

    const admin = await first().signIn("admin");
    await admin.mutate("disableApiToken", { id: kept.id });
    const disabled = performance.now();
    expect(await watchKept.statusesAfter(disabled)).toEqual([401]);
    await watchKept.end();
  });

  test("A token without a row is denied even if the new trail has outgrown the old one", async () => {
    const platformOnly = join(folder, "platform-only.sql");
    await dumpMariadb(database, platformOnly);
    const lost = await createToken();
    await warm(lost);
    // Both processes have followed more records than the dump has. They hang while the trail grows beyond those.
    for (const { pid } of processes) process.kill(pid, "SIGSTOP");
    await restore(platformOnly);
    const create = ["tokens", "create", "--account", "ACC-0001-0002", "--module", modules.catalogue, "--name"];
    for (let index = 0; index < 4; index++) await runCommand(database.env, ...create, `Later ${index}`);
    for (const { pid } of processes) process.kill(pid, "SIGCONT");
    const resumed = performance.now();
    const watchLost = watch(lost);
    expect(await watchLost.statusesAfter(resumed)).toEqual([401]);
    await watchLost.end();
  });

  test("Every token is reread after `migrate`, whatever the trail contains", async () => {
    const token = await createToken();
    await warm(token);
    // A change outside Hallpass, without a record.
    const { DATABASE_URL = "" } = database.env;
    const connection = await createConnection(DATABASE_URL.replace("mariadb:", "mysql:"));
    await connection.query("UPDATE api_token SET status = 'DISABLED' WHERE id = ?", [token.id]);
    await connection.end();
    await runCommand(database.env, "migrate");
    const migrated = performance.now();
    const watching = watch(token);
    expect(await watching.statusesAfter(migrated)).toEqual([401]);
    await watching.end();
  });

  test("Usage of the remaining tokens is still counted after a restore", async () => {
    const kept = await createToken();
    await dumpMariadb(database, dump);
    const lost = await createToken();
    // Its usage is counted but not yet stored when its row is removed.
    await warm(lost);
    await restore(dump);
    await warm(kept);
    const admin = await first().signIn("admin");
    const used = "query ($id: ID!) { apiToken(id: $id) { usage(days: 1) { allowed } } }";
    await until(async () => (await admin.data(used, { id: kept.id })).apiToken.usage[0].allowed >= processes.length);
  });
});

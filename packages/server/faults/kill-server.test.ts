import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createMariadbDatabase, createSqliteDatabase } from "../test/support/database.js";
import { type Mariadb, startMariadb } from "../test/support/mariadb.js";
import { describeWith, until } from "../test/support/programs.js";
import { isReady } from "./support/load.js";
import { Rig } from "./support/rig.js";
import { recoveryLimitMs, scale } from "./support/scale.js";
import { count } from "./support/table.js";

const rounds = scale(100, 6);

describe("kill -9 of the server", () => {
  let rig: Rig | undefined;
  afterAll(() => rig?.end());

  test(`${rounds} times on SQLite: nothing is lost, doubled or halved`, async () => {
    const database = await createSqliteDatabase();
    rig = await Rig.start({ database, data: [database.dataDir] });
    await killOverAndOver(rig);
    await rig.finish();
  });
});

describeWith(["mariadbd", "mariadb-install-db"], "kill -9 of one of two servers", () => {
  let mariadb: Mariadb;
  let rig: Rig | undefined;
  beforeAll(async () => {
    mariadb = await startMariadb();
  });
  afterAll(async () => {
    await rig?.end();
    await mariadb?.remove();
  });

  test(`${rounds} times on MariaDB: nothing is lost, doubled or halved`, async () => {
    const database = await createMariadbDatabase(mariadb.port);
    rig = await Rig.start({ database, processes: 2, data: [mariadb.folder] });
    await killOverAndOver(rig);
    await rig.finish();
  });
});

async function killOverAndOver(rig: Rig): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const at = round % rig.processes.length;
    await sleep(randomInt(200, 1_000));
    await rig.processes[at]?.kill();
    const began = performance.now();
    await rig.startProcess(at);
    await until(() => isReady(rig.urls[at] ?? ""), { limitMs: 60_000, everyMs: 20 });
    const ms = performance.now() - began;
    count("restarts", 1, ms > recoveryLimitMs ? 1 : 0, { ms });
  }
}

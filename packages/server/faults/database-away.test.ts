import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describeWith } from "../test/support/programs.js";
import { type MariadbRig, startOnMariadb } from "./support/mariadb-rig.js";
import { scale } from "./support/scale.js";

const kills = scale(20, 1);
const hangs = scale([30_000, 3_000, 1_000, 30_000], [3_000]);

describeWith(["mariadbd", "mariadb-install-db"], "Database failures under load", () => {
  let on: MariadbRig;
  beforeAll(async () => {
    on = await startOnMariadb();
  });
  afterAll(() => on?.end());

  test(`No check is allowed after the bound while mariadbd is killed, and Hallpass recovers by itself (${kills} ×)`, async () => {
    const { rig, mariadb } = on;
    for (let round = 0; round < kills; round++) {
      await sleep(randomInt(300, 1_000));
      await rig.whileDatabaseIsAway(() => mariadb.kill(), randomInt(1_200, 2_500));
      await mariadb.start();
      await rig.recovers(`kill -9 of mariadbd, round ${round}`);
    }
  });

  test(`No check is allowed after the bound while mariadbd hangs for ${hangs.map((ms) => ms / 1000).join(", ")} s, and Hallpass recovers by itself`, async () => {
    const { rig, mariadb } = on;
    for (const ms of hangs) {
      await sleep(500);
      await rig.whileDatabaseIsAway(() => mariadb.signal("SIGSTOP"), ms);
      mariadb.signal("SIGCONT");
      await rig.recovers(`SIGSTOP of mariadbd for ${ms} ms`);
    }
  });

  test("Acknowledged changes are stored once, and none is partial", async () => {
    await on.rig.finish();
  });
});

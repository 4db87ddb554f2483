import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeWith, until } from "../test/support/programs.js";
import { type MariadbRig, startOnMariadb } from "./support/mariadb-rig.js";
import { Rig } from "./support/rig.js";
import { scale } from "./support/scale.js";
import { describeWithDisk, mountSmallDisk, type SmallDisk } from "./support/small-disk.js";

const rounds = scale(10, 1);

describeWithDisk("Full disk under load on SQLite", () => {
  let disk: SmallDisk;
  let rig: Rig;
  beforeAll(async () => {
    disk = mountSmallDisk(48);
    const dataDir = join(disk.folder, "data");
    mkdirSync(dataDir);
    const database = { env: { HALLPASS_DATA_DIR: dataDir }, dataDir, remove: async () => {} };
    rig = await Rig.start({ database, data: [dataDir] });
  });
  afterAll(async () => {
    await rig?.end();
    disk?.remove();
  });

  test(`Changes fail and checks still work on a full disk, and Hallpass recovers once there is space (${rounds} ×)`, async () => {
    for (let round = 0; round < rounds; round++) await fillAndFree(rig, disk, round);
  });

  test("Acknowledged changes are stored once, and none is partial", async () => {
    await rig.finish();
  });
});

describeWithDisk("Full disk under load on MariaDB", () =>
  describeWith(["mariadbd", "mariadb-install-db"], "Two servers", () => {
    let disk: SmallDisk;
    let on: MariadbRig;
    beforeAll(async () => {
      disk = mountSmallDisk(400);
      on = await startOnMariadb({}, disk.folder);
    });
    afterAll(async () => {
      await on?.end();
      disk?.remove();
    });

    test(`Hallpass recovers from a full disk once there is space (${rounds} ×)`, async () => {
      for (let round = 0; round < rounds; round++)
        // mariadbd may exit on a full disk. A supervisor would restart it.
        await fillAndFree(on.rig, disk, round, () => on.mariadb.start());
    });

    test("Acknowledged changes are stored once, and none is partial", async () => {
      await on.rig.finish();
    });
  }),
);

async function fillAndFree(rig: Rig, disk: SmallDisk, round: number, again = async () => {}): Promise<void> {
  await sleep(500);
  const { losses } = rig.load;
  disk.fill();
  // Each process fails to write something.
  await until(() => rig.load.losses > losses + 10);
  await sleep(1_500);
  disk.free();
  await again();
  await rig.recovers(`a full disk, round ${round}`);
}

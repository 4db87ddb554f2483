import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeWith, until } from "../test/support/programs.js";
import { type MariadbRig, startOnMariadb } from "./support/mariadb-rig.js";
import { Rig } from "./support/rig.js";
import { scale } from "./support/scale.js";
import { describeWithDisk, mountSmallDisk, type SmallDisk } from "./support/small-disk.js";

const rounds = scale(10, 1);

describeWithDisk("a full disk under load, SQLite", () => {
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

  test(`${rounds} times: changes are refused, checks go on, and all works again once there is room`, async () => {
    for (let round = 0; round < rounds; round++) await fillAndFree(rig, disk, round);
  });

  test("Acknowledged changes are stored once, and none is partial", async () => {
    await rig.finish();
  });
});

describeWithDisk("a full disk under load, MariaDB", () =>
  describeWith(["mariadbd", "mariadb-install-db"], "with two servers", () => {
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

    test(`${rounds} times: all works again once there is room`, async () => {
      for (let round = 0; round < rounds; round++)
        // mariadbd may end itself on a full disk; whoever supervises it starts it again.
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
  // Each process has something to write that does not go in.
  await until(() => rig.load.losses > losses + 10);
  await sleep(1_500);
  disk.free();
  await again();
  await rig.recovers(`a full disk, round ${round}`);
}

import { describeWith } from "../test/support/programs.js";
import { killOverAndOver } from "./support/kill-rounds.js";
import { type MariadbRig, startOnMariadb } from "./support/mariadb-rig.js";
import { scale } from "./support/scale.js";

const rounds = scale(100, 4);

describeWith(["mariadbd", "mariadb-install-db"], "Killed server of two on MariaDB", () => {
  let on: MariadbRig;
  beforeAll(async () => {
    on = await startOnMariadb();
  });
  afterAll(() => on?.end());

  test(`A server killed under load works again after a restart (${rounds} ×)`, () => killOverAndOver(on.rig, rounds));

  test("Acknowledged changes are stored once, and none is partial", async () => {
    await on.rig.finish();
  });
});

import { setTimeout as sleep } from "node:timers/promises";
import { describeWith } from "../test/support/programs.js";
import { type MariadbRig, startOnMariadb } from "./support/mariadb-rig.js";
import type { Fate } from "./support/mysql-proxy.js";
import { scale } from "./support/scale.js";

const losses = scale(400, 20);

describeWith(["mariadbd", "mariadb-install-db"], "Lost commits", () => {
  let on: MariadbRig;
  beforeAll(async () => {
    on = await startOnMariadb();
  });
  afterAll(() => on?.end());

  test(`Hallpass recovers from lost COMMITs and lost replies to them (${losses} × each)`, async () => {
    const { rig, proxy } = on;
    const lost: Record<Fate, number> = { passes: 0, "request lost": 0, "reply lost": 0 };
    for (let loss = 0; loss < losses * 2; loss++) {
      const fate: Fate = loss % 2 ? "request lost" : "reply lost";
      await new Promise<void>((resolve) => {
        proxy.onLoss = resolve;
        proxy.fateOf = (sql) => {
          if (sql !== "COMMIT") return "passes";
          proxy.fateOf = () => "passes";
          lost[fate]++;
          return fate;
        };
      });
      await sleep(40);
    }
    await rig.recovers("lost COMMITs");
    expect(lost).toMatchObject({ "request lost": losses, "reply lost": losses });
  });

  test("Acknowledged changes are stored once, and none is partial", async () => {
    const { lostButDone } = await on.rig.finish();
    // Otherwise no lost COMMIT belonged to a change.
    expect(lostButDone).toBeGreaterThan(losses / 4);
  });
});

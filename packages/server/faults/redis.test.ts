import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../test/support/mariadb.js";
import { describeWith, type Running, startRedis } from "../test/support/programs.js";
import { type MariadbRig, startOnMariadb } from "./support/mariadb-rig.js";
import { scale } from "./support/scale.js";

const kills = scale(20, 2);

describeWith(["redis-server", "mariadbd", "mariadb-install-db"], "Killed Redis under load", () => {
  let redis: Running;
  let on: MariadbRig;
  beforeAll(async () => {
    redis = await startRedis(await freePort());
    on = await startOnMariadb({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
  });
  afterAll(async () => {
    await on?.end();
    await redis?.kill();
  });

  test(`The bound holds while Redis is down, and Redis is reused once it is back (${kills} ×)`, async () => {
    for (let round = 0; round < kills; round++) {
      await sleep(randomInt(200, 800));
      await redis.kill();
      await on.rig.recovers(`Redis killed, round ${round}`);
      await sleep(randomInt(500, 2_000));
      redis = await startRedis(redis.port);
      await on.rig.recovers(`Redis back, round ${round}`, "ok");
    }
  });

  test("Acknowledged changes are stored once, and none is partial", async () => {
    await on.rig.finish();
  });
});

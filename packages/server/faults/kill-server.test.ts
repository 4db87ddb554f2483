import { createSqliteDatabase } from "../test/support/database.js";
import { killOverAndOver } from "./support/kill-rounds.js";
import { Rig } from "./support/rig.js";
import { scale } from "./support/scale.js";

const rounds = scale(100, 6);

describe("Killed server on SQLite", () => {
  let rig: Rig;
  beforeAll(async () => {
    const database = await createSqliteDatabase();
    rig = await Rig.start({ database, data: [database.dataDir] });
  });
  afterAll(() => rig?.end());

  test(`A server killed under load works again after a restart (${rounds} ×)`, () => killOverAndOver(rig, rounds));

  test("Acknowledged changes are stored once, and none is partial", async () => {
    await rig.finish();
  });
});

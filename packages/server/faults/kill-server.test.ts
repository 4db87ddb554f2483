import { createSqliteDatabase } from "../test/support/database.js";
import { killOverAndOver } from "./support/kill-rounds.js";
import { Rig } from "./support/rig.js";
import { scale } from "./support/scale.js";

const rounds = scale(100, 6);

describe("kill -9 of the server, SQLite", () => {
  let rig: Rig;
  beforeAll(async () => {
    const database = await createSqliteDatabase();
    rig = await Rig.start({ database, data: [database.dataDir] });
  });
  afterAll(() => rig?.end());

  test(`${rounds} times under load: each time it serves again`, () => killOverAndOver(rig, rounds));

  test("Acknowledged changes are stored once, and none is partial", async () => {
    await rig.finish();
  });
});

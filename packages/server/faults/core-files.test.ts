import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describeWith } from "../test/support/programs.js";
import { searchFiles } from "./support/files.js";
import { type MariadbRig, startOnMariadb } from "./support/mariadb-rig.js";
import { copyMemory } from "./support/memory.js";
import { scale } from "./support/scale.js";
import { count } from "./support/table.js";

describeWith(["gcore", "mariadbd", "mariadb-install-db"], "core files taken under load", () => {
  const folder = mkdtempSync(join(tmpdir(), "hallpass-cores-"));
  let on: MariadbRig;
  beforeAll(async () => {
    on = await startOnMariadb();
    await sleep(scale(20_000, 2_000));
  });
  afterAll(async () => {
    await on?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a file has of all values that were given out until it was made. */
  async function foundIn(path: string): Promise<string[]> {
    const { secrets } = on.rig.load;
    const { found, bytes } = await searchFiles([path], secrets);
    rmSync(path);
    // Not a file that could not be written.
    expect(bytes).toBeGreaterThan(10_000);
    return found;
  }

  async function expectNothingIn(path: string): Promise<void> {
    const found = await foundIn(path);
    count("values", on.rig.load.secrets.size, found.length);
    expect(found).toEqual([]);
  }

  async function coreOf(pid: number): Promise<string> {
    await promisify(execFile)("gcore", ["-o", join(folder, "core"), String(pid)], { maxBuffer: 1 << 26 });
    return join(folder, `core.${pid}`);
  }

  const hallpass = () => on.rig.processes[0]?.pid ?? 0;

  test("mariadbd has no value anywhere in its memory: it has never been told one", async () => {
    const path = join(folder, "memory");
    copyMemory(on.mariadb.pid(), path);
    expect(statSync(path).size).toBeGreaterThan(50_000_000);
    await expectNothingIn(path);
  });

  test("a core of Hallpass has none: the process keeps its memory out of it", async () => {
    await expectNothingIn(await coreOf(hallpass()));
  });

  test("its memory has some, which is how it shows that they would be found", async () => {
    const path = join(folder, "memory");
    copyMemory(hallpass(), path);
    expect(await foundIn(path)).not.toEqual([]);
    count("faultsFound", 1);
  });

  test("Acknowledged changes are stored once, and none is partial", async () => {
    await on.rig.finish();
  });
});

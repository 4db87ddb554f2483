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

describeWith(["gcore", "mariadbd", "mariadb-install-db"], "Core files under load", () => {
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

  /** The values issued so far that the file contains. */
  async function foundIn(path: string): Promise<string[]> {
    const { secrets } = on.rig.load;
    const { found, bytes } = await searchFiles([path], secrets);
    rmSync(path);
    // Ensures that the file was written.
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

  test("The memory of mariadbd contains no token value", async () => {
    const path = join(folder, "memory");
    copyMemory(on.mariadb.pid(), path);
    expect(statSync(path).size).toBeGreaterThan(50_000_000);
    await expectNothingIn(path);
  });

  test("A core file of Hallpass contains no token value", async () => {
    await expectNothingIn(await coreOf(hallpass()));
  });

  test("The memory of Hallpass contains token values, which proves that the search finds them", async () => {
    const path = join(folder, "memory");
    copyMemory(hallpass(), path);
    expect(await foundIn(path)).not.toEqual([]);
    count("faultsFound", 1);
  });

  test("Acknowledged changes are stored once, and none is partial", async () => {
    await on.rig.finish();
  });
});

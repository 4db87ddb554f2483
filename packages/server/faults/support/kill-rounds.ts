import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../test/support/programs.js";
import { isReady } from "./load.js";
import type { Rig } from "./rig.js";
import { count } from "./table.js";

/** Kills the processes in turn, at random moments of the load, and restarts them. */
export async function killOverAndOver(rig: Rig, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const at = round % rig.processes.length;
    await sleep(randomInt(200, 1_000));
    await rig.processes[at]?.kill();
    const began = performance.now();
    await rig.startProcess(at);
    await until(() => isReady(rig.urls[at] ?? ""), { everyMs: 20 });
    count("restarts", 1, 0, { ms: performance.now() - began });
  }
}

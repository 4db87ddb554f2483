import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createMariadbDatabase, type TestDatabase } from "../test/support/database.js";
import { describeWith, type Running, startRedis, until } from "../test/support/programs.js";
import { type Galera, type GaleraNode, galeraPrograms, startGalera } from "./support/galera.js";
import { Rig } from "./support/rig.js";
import { scale } from "./support/scale.js";
import { count } from "./support/table.js";

const rounds = scale(10, 1);
const faultMs = 6_000;
/** How soon processes must be back on the nodes they list first, in ms. They try every two seconds. */
const spreadLimitMs = 60_000;

describe.each(scale(["with Redis", "without Redis"], ["without Redis"]))(
  "Three servers on Galera, %s",
  (redisOrNot) => {
    describeWith([...galeraPrograms, "redis-server"], "under load", () => {
      let galera: Galera;
      let database: TestDatabase;
      let redis: Running | undefined;
      let rig: Rig;

      beforeAll(async () => {
        galera = await startGalera();
        database = await createMariadbDatabase(galera.nodes[0]?.port ?? 0);
        if (redisOrNot === "with Redis") redis = await startRedis();
        rig = await Rig.start({
          database,
          processes: galera.nodes.length,
          env: redis ? { REDIS_URL: `redis://127.0.0.1:${redis.port}` } : {},
          envOf: (at) => ({ DATABASE_URL: urlFrom(at) }),
          data: galera.nodes.map(({ folder }) => folder),
        });
      });
      afterAll(async () => {
        for (const node of galera?.nodes ?? []) node.signal("SIGCONT");
        await rig?.end();
        await redis?.kill();
        await galera?.remove();
      });

      /** DATABASE_URL with all nodes, this one first. */
      function urlFrom(at: number): string {
        const hosts = galera.nodes.map(({ port }) => `127.0.0.1:${port}`);
        const ordered = [...hosts.slice(at), ...hosts.slice(0, at)].join(",");
        return (database.env.DATABASE_URL ?? "").replace(/127\.0\.0\.1:\d+/, ordered);
      }
      const anyNode = () => galera.nodes[randomInt(galera.nodes.length)] as GaleraNode;
      const hasClients = async (node: GaleraNode) => {
        const name = new URL(database.env.DATABASE_URL ?? "").pathname.slice(1);
        const [row] = await node.sql(`SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE DB = '${name}'`);
        return Number(row?.n) > 0;
      };

      /** Expects the processes to work during the fault, and to return to their own nodes after it. */
      async function survives(what: string, fault: () => Promise<void>, end: () => Promise<void>): Promise<void> {
        await sleep(randomInt(500, 1_500));
        await fault();
        await rig.recovers(`${what}, during it`);
        await sleep(faultMs);
        await end();
        await until(() => galera.isWhole(), { everyMs: 100 });
        await rig.recovers(`${what}, after it`);
        const isSpread = async () => (await Promise.all(galera.nodes.map(hasClients))).every(Boolean);
        const ms = await until(isSpread, { limitMs: spreadLimitMs, everyMs: 100 });
        count("spread", 1, 0, { ms });
      }

      test.each(Array.from({ length: rounds }, (_, round) => round + 1))("A node is killed and restarted (%i)", () => {
        const node = anyNode();
        return survives(
          "A node was killed",
          () => node.kill(),
          () => node.start(),
        );
      });

      test.each(Array.from({ length: rounds }, (_, round) => round + 1))("A node is paused and resumed (%i)", () => {
        const node = anyNode();
        return survives(
          "A node was paused",
          async () => node.signal("SIGSTOP"),
          async () => node.signal("SIGCONT"),
        );
      });

      test.each(Array.from({ length: rounds }, (_, round) => round + 1))(
        "A node is cut off from the others (%i)",
        () => {
          const node = anyNode();
          return survives(
            "A node was cut off",
            () => node.isolate(),
            () => node.reconnect(),
          );
        },
      );

      test("A node gets all data from another, which answers late meanwhile", () => {
        const node = anyNode();
        return survives(
          "A node was a donor",
          async () => {
            await node.kill();
            node.forgetState();
          },
          () => node.start(),
        );
      });

      test("Nodes are restarted in turn", async () => {
        for (const node of galera.nodes)
          await survives(
            "A node was restarted",
            () => node.stop(),
            () => node.start(),
          );
      });

      test("The servers are restarted in turn", async () => {
        for (const [at, process] of rig.processes.entries()) {
          expect(await process.stop()).toBe(0);
          await rig.startProcess(at);
          await rig.recovers("A server was restarted");
        }
      });

      test("Two nodes of three are killed, so that none may answer, and are restarted", async () => {
        const [, second, third] = galera.nodes as [GaleraNode, GaleraNode, GaleraNode];
        await rig.whileDatabaseIsAway(async () => void (await Promise.all([second.kill(), third.kill()])), faultMs);
        await Promise.all([second.start(), third.start()]);
        await until(() => galera.isWhole(), { everyMs: 100 });
        await rig.recovers("The quorum was lost");
      });

      test("No check passed too late, and acknowledged changes are stored once", async () => {
        await rig.finish();
      });
    });
  },
);

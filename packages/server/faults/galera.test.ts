import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createMariadbDatabase, type TestDatabase } from "../test/support/database.js";
import { describeWith, type Running, startRedis, until } from "../test/support/programs.js";
import { type Galera, type GaleraNode, galeraPrograms, startGalera } from "./support/galera.js";
import { startGateway } from "./support/gateway.js";
import { Rig } from "./support/rig.js";
import { scale } from "./support/scale.js";
import { count } from "./support/table.js";

const rounds = Array.from({ length: scale(10, 1) }, (_, round) => round + 1);
const faultMs = scale(6_000, 3_000);
/** Maximum time without an acknowledged change, in ms. */
const writesLimitMs = 5_000;
/** How soon each process must be back on the node it lists first, in ms. A node that failed twice is tried less often. */
const returnLimitMs = 60_000;

type Step = (node: GaleraNode) => Promise<void> | void;

/** What happens to a node, and what ends it. */
const faults: [what: string, fault: Step, end: Step][] = [
  ["killed and restarted", (node) => node.kill(), (node) => node.start()],
  ["paused and resumed", (node) => node.signal("SIGSTOP"), (node) => node.signal("SIGCONT")],
  ["cut off from the others and reconnected", (node) => node.isolate(), (node) => node.reconnect()],
  ["stopped in an orderly way and restarted", (node) => node.stop(), (node) => node.start()],
  [
    "emptied and given all data by another, which waits meanwhile",
    async (node) => {
      await node.kill();
      node.forgetState();
    },
    (node) => node.start(),
  ],
];

for (const withRedis of scale([true, false], [true]))
  describeWith(
    [...galeraPrograms, "redis-server", "nginx"],
    `Three servers on three Galera nodes, ${withRedis ? "with" : "without"} Redis`,
    () => {
      let galera: Galera;
      let database: TestDatabase;
      let redis: Running | undefined;
      let rig: Rig;
      let gateway: Awaited<ReturnType<typeof startGateway>> | undefined;
      const asking: Promise<void>[] = [];

      beforeAll(async () => {
        galera = await startGalera();
        database = await createMariadbDatabase(galera.nodes[0]?.port ?? 0);
        if (withRedis) redis = await startRedis();
        rig = await Rig.start({
          database,
          processes: galera.nodes.length,
          env: redis ? { REDIS_URL: `redis://127.0.0.1:${redis.port}` } : {},
          envOf: (at) => ({ DATABASE_URL: urlFrom(at) }),
          data: galera.nodes.map(({ folder }) => folder),
        });
        gateway = await startGateway(rig.urls.map((url) => new URL(url).host));
        for (let client = 0; client < 4; client++) asking.push(rig.load.askGateway(gateway.url));
      });
      afterAll(async () => {
        await gateway?.stop();
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

      /** Expects the servers to work during the fault, to make changes soon, and to return to their nodes after it. */
      async function survives(
        what: string,
        fault: () => Promise<void> | void,
        end: () => Promise<void> | void,
      ): Promise<void> {
        await sleep(randomInt(500, 1_500));
        rig.load.takeLongestStop();
        const before = { ...rig.load.gateway };
        await fault();
        await rig.recovers(`${what}, during it`);
        await sleep(faultMs);
        await end();
        await until(() => galera.isWhole(), { everyMs: 100 });
        await rig.recovers(`${what}, after it`);
        const stopMs = rig.load.takeLongestStop();
        const isLate = stopMs > writesLimitMs;
        count("writesStopped", 1, isLate ? 1 : 0, { ms: stopMs });
        if (isLate) rig.load.complain(`${what}: no change was made for ${Math.round(stopMs)} ms.`);
        const failed = rig.load.gateway.failed - before.failed;
        count("behindNginx", rig.load.gateway.asked - before.asked, failed);
        if (failed > 0) rig.load.complain(`${what}: nginx did not answer ${failed} requests.`);
        const haveReturned = async () => (await Promise.all(galera.nodes.map(hasClients))).every(Boolean);
        count("returned", 1, 0, { ms: await until(haveReturned, { limitMs: returnLimitMs, everyMs: 100 }) });
      }

      for (const [what, fault, end] of faults)
        test.each(rounds)(`A node is ${what} (%i)`, () => {
          const node = anyNode();
          return survives(
            `A node was ${what}`,
            () => fault(node),
            () => end(node),
          );
        });

      test("Nodes apply a large transaction of another", async () => {
        const node = anyNode();
        await node.sql("CREATE DATABASE elsewhere");
        await node.sql("CREATE TABLE elsewhere.numbers (n INT PRIMARY KEY, text CHAR(200))");
        const rows = "SELECT seq, REPEAT('x', 200) FROM elsewhere.seq_1_to_60000";
        let inserted: Promise<PromiseSettledResult<unknown>[]>;
        await survives(
          "A large transaction was applied",
          () => {
            inserted = Promise.allSettled([node.sql(`INSERT INTO elsewhere.numbers ${rows}`, 60_000)]);
          },
          async () => expect(await inserted).toMatchObject([{ status: "fulfilled" }]),
        );
        expect(await node.sql("SELECT COUNT(*) AS n FROM elsewhere.numbers")).toEqual([{ n: 60_000 }]);
      });

      test("A node neither writes nor applies anything because of a lock", () => {
        const node = anyNode();
        let unlock = () => {};
        return survives(
          "A node was locked",
          async () => {
            unlock = await node.lock();
          },
          () => unlock(),
        );
      });

      test("The servers are restarted in turn", async () => {
        for (const [at, process] of rig.processes.entries()) {
          expect(await process.stop()).toBe(0);
          await rig.startProcess(at);
          await rig.recovers("A server was restarted");
        }
      });

      if (withRedis)
        test("Redis is killed and restarted", async () => {
          const { port } = redis as Running;
          await redis?.kill();
          await rig.recovers("Redis was killed");
          redis = await startRedis(port);
          await rig.recovers("Redis was restarted", "ok");
        });

      test("Two nodes of three are killed, so that the third may not answer, and are restarted", async () => {
        const [, second, third] = galera.nodes as [GaleraNode, GaleraNode, GaleraNode];
        await rig.whileDatabaseIsAway(async () => void (await Promise.all([second.kill(), third.kill()])), faultMs);
        await Promise.all([second.start(), third.start()]);
        await until(() => galera.isWhole(), { everyMs: 100 });
        await rig.recovers("The quorum was lost");
      });

      test("No check passed too late, and acknowledged changes are stored once", async () => {
        await rig.finish();
        await Promise.all(asking);
      });
    },
  );

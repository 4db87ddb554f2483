import { setTimeout as sleep } from "node:timers/promises";
import { appendFileSync, cpSync, rmSync } from "node:fs";
import mysql from "mysql2/promise";
import { type Galera, startGalera } from "./support/galera.js";
jest.setTimeout(15 * 60_000);
const t0 = performance.now();
const log = (...a: unknown[]) => appendFileSync("/tmp/galera-scratch/report.txt", `${((performance.now() - t0) / 1000).toFixed(1)} ${a.map((x) => (typeof x === "string" ? x : JSON.stringify(x))).join(" ")}\n`);
const only = (process.env.ONLY ?? "").split(",").filter(Boolean);

class Writer {
  over = false; n = 0; acked: number[] = []; worst = 0; errors = new Map<string, number>(); last = performance.now();
  private running: Promise<void>;
  constructor(private port: number) { this.running = this.run(); }
  async run() {
    let c: mysql.Connection | undefined;
    while (!this.over) {
      const id = ++this.n + Date.now() * 1000;
      try {
        c ??= await mysql.createConnection({ host: "127.0.0.1", port: this.port, user: "root", database: "t", connectTimeout: 2000 }).then((x) => (x.on("error", () => {}), x));
        await c.query({ sql: `INSERT INTO t.a (id, v) VALUES (${id}, 'x')`, timeout: 20000 });
        this.acked.push(id);
        const now = performance.now(); this.worst = Math.max(this.worst, now - this.last); this.last = now;
      } catch (e: any) {
        const k = `${e.errno}/${e.code}`; this.errors.set(k, (this.errors.get(k) ?? 0) + 1);
        if (e.errno === undefined || e.fatal) { c?.destroy(); c = undefined; }
        await sleep(10);
      }
      await sleep(5);
    }
    c?.destroy();
  }
  async end() { this.over = true; await this.running; return { worstMs: Math.round(this.worst), acked: this.acked.length, errors: [...this.errors] }; }
}

async function timed<T>(what: string, f: () => Promise<T>): Promise<T> {
  const b = performance.now();
  try { return await f(); } finally { log(`   ${what}: ${Math.round(performance.now() - b)} ms`); }
}
async function whole(g: Galera) {
  await timed("isWhole after", async () => { for (let i = 0; i < 1200; i++) { if (await g.isWhole()) return; await sleep(50); } throw new Error("never whole"); });
}
async function fault(g: Galera, name: string, f: () => Promise<void>, at = 0) {
  if (only.length && !only.some((x) => name.startsWith(x))) return;
  log(name);
  const w = new Writer(g.nodes[at]!.port);
  await sleep(500);
  try { await f(); await whole(g); } catch (e) { log("   FAILED", String(e)); }
  await sleep(300);
  log("   writer on", String(at), await w.end());
  await sleep(500);
  const counts = await Promise.all(g.nodes.map((n) => n.sql("SELECT COUNT(*) c FROM t.a").then((r) => r[0]!.c, (e) => String(e))));
  const have = new Set((await g.nodes[2]!.sql("SELECT id FROM t.a")).map((r) => Number(r.id)));
  log("   counts", counts, "acked but missing on node 2:", String(w.acked.filter((i) => !have.has(i)).length));
}
const sel = (g: Galera, i: number) => g.nodes[i]!.sql("SELECT COUNT(*) c FROM t.a").then((r) => r, (e) => `${e.errno} ${e.code} ${e.message}`);
const stat = (g: Galera, i: number) => g.nodes[i]!.sql("SHOW STATUS LIKE 'wsrep%'").then((r) => { const o = Object.fromEntries(r.map((x) => [x.Variable_name, x.Value])); return [o.wsrep_local_state_comment, o.wsrep_cluster_status, o.wsrep_cluster_size, o.wsrep_ready].join("/"); }, (e) => String(e));

test("galera", async () => {
  const g = await timed("START 3", () => startGalera());
  if (process.env.STARTONLY) { 
    await timed("bad start", () => startGalera(3, ["--no-such-option"]).then(() => log("??"), (e) => log("   bad:", String(e))));
    const k0 = await Promise.all([startGalera(), startGalera(3, ["--wsrep-sync-wait=7"])]); log("two at once"); await Promise.all(k0.map((k) => k.remove()));
    for (let k = 0; k < 5; k++) { const h = await timed("START again", () => startGalera()); await h.remove(); } }
  try {
    await whole(g);
    await g.nodes[0]!.sql("CREATE DATABASE t");
    await g.nodes[0]!.sql("CREATE TABLE t.a (id BIGINT PRIMARY KEY, v VARCHAR(20))");
    await g.nodes[0]!.sql("INSERT INTO t.a VALUES (1,'x')");
    log("read on 2 at once", await g.nodes[2]!.sql("SELECT * FROM t.a").catch(String));
    await sleep(200);
    log("read on 2", await g.nodes[2]!.sql("SELECT * FROM t.a"));
    const tcp = await mysql.createConnection({ host: "127.0.0.1", port: g.nodes[1]!.port, user: "root" }); await tcp.query("SELECT 1"); await tcp.end();
    await fault(g, "kill1", async () => { await g.nodes[1]!.kill(); await sleep(3000); await timed("start", () => g.nodes[1]!.start()); });
    await fault(g, "pause2", async () => { g.nodes[2]!.signal("SIGSTOP"); await sleep(2000); await timed("sql while stopped", () => sel(g, 2).then((x) => log("   ", x))); await sleep(6000); g.nodes[2]!.signal("SIGCONT"); await sleep(20); log("   at once after CONT", await stat(g, 2), await sel(g, 2)); });
    for (let k = 0; k < 4; k++) await fault(g, "pausebrief", async () => { g.nodes[2]!.signal("SIGSTOP"); await sleep(5000); g.nodes[2]!.signal("SIGCONT"); });
    await fault(g, "pauseblip", async () => { g.nodes[2]!.signal("SIGSTOP"); await sleep(600); g.nodes[2]!.signal("SIGCONT"); });
    await fault(g, "pause0", async () => { g.nodes[0]!.signal("SIGSTOP"); await sleep(8000); g.nodes[0]!.signal("SIGCONT"); }, 1);
    await fault(g, "killdonor", async () => { await g.nodes[1]!.kill(); g.nodes[1]!.forgetState(); const st = g.nodes[1]!.start().then(() => "ok", String); let d = -1; while (d < 0) { for (const i of [0, 2]) if ((await stat(g, i)).startsWith("Donor")) d = i; await sleep(30); } await sleep(700); log("   donor", String(d)); await g.nodes[d]!.kill(); await sleep(1500); log("   joiner start:", await Promise.race([st, sleep(20000).then(() => "pending")])); await timed("start donor", () => g.nodes[d]!.start().catch((e) => log(String(e)))); await timed("start joiner", () => g.nodes[1]!.start().catch((e) => log(String(e)))); }, 0);
    await fault(g, "isolate1", async () => { await timed("isolate()", () => g.nodes[1]!.isolate()); for (let i = 0; i < 12; i++) { await sleep(500); if (i % 3 === 0 || i < 6) log("   node1", await sel(g, 1), await stat(g, 1), "node0", await stat(g, 0), "node2", await stat(g, 2)); } await timed("reconnect()", () => g.nodes[1]!.reconnect()); });
    await fault(g, "sst1", async () => { await g.nodes[1]!.kill(); g.nodes[1]!.forgetState(); await sleep(3000); let on = true; const seen: string[] = []; const w2 = new Writer(g.nodes[2]!.port); const p = (async () => { while (on) { const s = `0:${await stat(g, 0)} 2:${await stat(g, 2)}`; if (seen.at(-1) !== s) { seen.push(s); log("   ", s); } await sleep(50); } })(); await timed("start with SST", () => g.nodes[1]!.start()); on = false; await p; log("   writer on 2", await w2.end()); });
    await fault(g, "stop-each", async () => { for (const i of [1, 2]) { await timed(`stop ${i}`, () => g.nodes[i]!.stop()); await sleep(1000); await timed(`start ${i}`, () => g.nodes[i]!.start()); } });
    await fault(g, "stop-0", async () => { await timed(`stop 0`, () => g.nodes[0]!.stop()); await sleep(1000); await timed(`start 0`, () => g.nodes[0]!.start()); }, 2);
    await fault(g, "kill-0", async () => { await g.nodes[0]!.kill(); await sleep(3000); await timed(`start 0`, () => g.nodes[0]!.start()); }, 2);
    await fault(g, "isolate0", async () => { await g.nodes[0]!.isolate(); await sleep(6000); await g.nodes[0]!.reconnect(); });
    await fault(g, "kill12-together", async () => { await Promise.all([1, 2].map((i) => g.nodes[i]!.kill())); await sleep(4000); log("   node0", await sel(g, 0), await stat(g, 0)); await timed("start both", () => Promise.all([1, 2].map((i) => g.nodes[i]!.start())).then(() => {})); });
    await fault(g, "kill12-in-turn", async () => { await g.nodes[1]!.kill(); await sleep(4000); await g.nodes[2]!.kill(); await sleep(4000); log("   node0", await sel(g, 0), await stat(g, 0)); await timed("start both", () => Promise.all([1, 2].map((i) => g.nodes[i]!.start())).then(() => {})); });
    await fault(g, "lost-for-good", async () => { await Promise.all([1, 2].map((i) => g.nodes[i]!.kill())); await sleep(4000); await timed("bootstrap 0", () => g.nodes[0]!.bootstrap()); for (const i of [1, 2]) await timed(`start ${i}`, () => g.nodes[i]!.start()); });
    await fault(g, "kill-all", async () => { await Promise.all(g.nodes.map((n) => n.kill())); await timed("start all", () => Promise.all(g.nodes.map((n) => n.start())).then(() => {})); });
    await fault(g, "stop-all", async () => { for (const n of [...g.nodes].reverse()) await n.stop(); await timed("bootstrap 0", () => g.nodes[0]!.bootstrap()); for (const i of [1, 2]) await timed(`start ${i}`, () => g.nodes[i]!.start()); });
  } catch (e) { log("FATAL", String((e as Error).stack)); throw e; } finally {
    for (const n of g.nodes) { rmSync(`/tmp/galera-scratch/${n.folder.split("/").at(-1)}.log`, { force: true }); cpSync(`${n.folder}/error.log`, `/tmp/galera-scratch/${n.folder.split("/").at(-1)}.log`); }
    await timed("remove", () => g.remove());
  }
});

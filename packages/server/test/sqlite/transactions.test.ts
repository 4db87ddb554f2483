import { setTimeout as sleep } from "node:timers/promises";
import { AccountEntity } from "../../src/features/accounts/account.entity.js";
import { type GraphqlAnswer, mutations } from "../support/client.js";
import { accounts } from "../support/platform.js";
import { useServer } from "../support/test-server.js";

// TypeORM shares one SQLite connection among all callers. Each must see only its own transaction.

describe("SQLite transactions", () => {
  const server = useServer();
  const id = accounts.client;
  const nameNow = async () => (await server().sql("SELECT name FROM account WHERE id = ?", [id]))[0].name;

  test("A read during another caller’s transaction never sees uncommitted changes", async () => {
    // Prepared statements wait, too.
    const seen: string[] = [await nameNow()];
    const reads: Promise<unknown>[] = [];
    await expect(
      server().app.dataSource.transaction(async (manager) => {
        await manager.update(AccountEntity, { id }, { name: "Dirty" });
        for (let read = 0; read < 5; read++) reads.push(nameNow().then((name) => seen.push(name)));
        await sleep(50);
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    await Promise.all(reads);
    expect(seen).toEqual(Array(6).fill("Client"));
  });

  test("A write during another caller’s transaction is not rolled back with it", async () => {
    let stray: Promise<unknown> = Promise.resolve();
    await expect(
      server().app.dataSource.transaction(async (manager) => {
        await manager.update(AccountEntity, { id }, { name: "Dirty" });
        stray = server().app.dataSource.manager.update(AccountEntity, { id: accounts.vendor }, { name: "Written" });
        await sleep(50);
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    await stray;
    const [{ name }] = await server().sql("SELECT name FROM account WHERE id = ?", [accounts.vendor]);
    expect([await nameNow(), name]).toEqual(["Client", "Written"]);
  });

  test("Twenty concurrent transactions each commit or roll back only their own changes", async () => {
    const { dataSource } = server().app;
    await server().sql("CREATE TABLE counter (n INTEGER NOT NULL)");
    await server().sql("INSERT INTO counter VALUES (0)");
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        dataSource.transaction(async (manager) => {
          const [{ n }] = await manager.query("SELECT n FROM counter");
          await sleep(1);
          await manager.query("UPDATE counter SET n = ?", [n + 1]);
          if (index % 4 === 3) throw new Error("rolled back");
        }),
      ),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(15);
    expect(await server().sql("SELECT n FROM counter")).toEqual([{ n: 15 }]);
  });

  test("A session that ends during a switch is not moved to another account", async () => {
    const client = await server().signIn("consultant");
    const ends = (sql: string) => {
      if (sql.includes('FROM "session"')) server().sql("DELETE FROM session");
    };
    let answer: GraphqlAnswer | undefined;
    await server().statementsOf(async () => {
      answer = await client.ask(mutations.switchAccount ?? "", { input: { accountId: accounts.vendor } });
    }, ends);
    expect([answer?.status, answer?.errors[0]?.extensions.code]).toEqual([401, "UNAUTHENTICATED"]);
    expect(await server().trail("vendorAdmin", { events: ["user.switched_account"] })).toEqual([]);
  });

  test("The database uses a write-ahead log, full synchronisation and foreign keys", async () => {
    expect(await server().sql("PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
    expect(await server().sql("PRAGMA synchronous")).toEqual([{ synchronous: 2 }]);
    expect(await server().sql("PRAGMA foreign_keys")).toEqual([{ foreign_keys: 1 }]);
  });
});

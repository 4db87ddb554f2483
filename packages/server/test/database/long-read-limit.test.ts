import { longRead } from "../../src/db/long-reads.js";
import { toRequestError } from "../../src/http/to-request-error.js";
import { useServer } from "../support/test-server.js";

declare const engine: "sqlite" | "mariadb";

describe("Time limit of long reads", () => {
  const server = useServer();
  const takesMinutes =
    engine === "sqlite"
      ? "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT COUNT(*) FROM n"
      : "SELECT SLEEP(600)";

  test("A long read is cancelled after 5 seconds, and the caller is told to narrow it", async () => {
    const error: unknown = await server()
      .sql(`/* ${longRead} */ ${takesMinutes}`)
      .catch((reason: unknown) => reason);
    expect(toRequestError(error).shown.message).toBe(
      "The query took longer than 5 seconds. Narrow the search or the filter.",
    );
    if (engine === "mariadb") {
      const running = await server().sql(
        "SELECT info FROM information_schema.processlist WHERE info LIKE '%SLEEP(600)%'",
      );
      expect(running.filter(({ info }: { info: string }) => !info.includes("processlist"))).toEqual([]);
    }
    expect((await server().sql(`/* ${longRead} */ SELECT 1 AS one`))[0].one).toBe(1);
  });
});

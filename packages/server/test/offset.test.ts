import { seed, seedPassword } from "../src/commands/seed.js";
import type { Client, Data } from "./support/client.js";
import { useServer } from "./support/test-server.js";

const perAccount = 2_600;

describe("Offset pagination", () => {
  const server = useServer();
  let client: Client;
  let all: string[];
  const page = async (variables: object): Promise<Data> =>
    (
      await client.data(
        `query ($first: Int, $after: String, $offset: Int) {
          apiTokens(first: $first, after: $after, offset: $offset, orderBy: [{ field: MODULE_COUNT, direction: DESC }]) {
            nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
        variables,
      )
    ).apiTokens;

  beforeAll(async () => {
    const [seeded] = await seed(server().app, { accounts: 1, tokens: perAccount });
    client = server().nobody();
    await client.mutate("signIn", { email: seeded?.email, password: seedPassword });
    all = [];
    for (let after: string | null = null; ; ) {
      const { nodes, pageInfo }: Data = await page({ first: 100, after });
      all.push(...nodes.map(({ id }: Data) => id));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
  });

  test("Walking the pages returns every token once", () => {
    expect(all).toHaveLength(perAccount - Math.floor(perAccount / 20));
    expect(new Set(all).size).toBe(all.length);
  });

  test.each([0, 1, 990, 999, 1_000, 1_001, 1_230, 1_240, 2_000, -101, -100, -99, -10, -1])(
    "Offset %i (from the end if negative) returns the same page as the walk",
    async (from) => {
      const offset = from < 0 ? all.length + from : from;
      for (const first of [10, 100]) {
        const { nodes, pageInfo } = await page({ first, offset });
        expect(nodes.map(({ id }: Data) => id)).toEqual(all.slice(offset, offset + first));
        expect(pageInfo).toMatchObject({ hasNextPage: offset + first < all.length, hasPreviousPage: offset > 0 });
      }
    },
  );

  test("Cursors continue from an offset page", async () => {
    for (const offset of [500, all.length - 30]) {
      const jumped = await page({ first: 10, offset });
      const next = await page({ first: 10, after: jumped.pageInfo.endCursor });
      expect(next.nodes.map(({ id }: Data) => id)).toEqual(all.slice(offset + 10, offset + 20));
    }
  });
});

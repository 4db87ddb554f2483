import fc from "fast-check";
import { seed } from "../../src/commands/seed.js";
import { firstPlaces, ordered, type PageKey, placesOf, type Rows } from "../../src/db/page-order.js";
import { ApiTokenEntity } from "../../src/features/api-tokens/api-token.entity.js";
import { propertyRuns } from "../support/property-runs.js";
import { useServer } from "../support/test-server.js";

const fields = [
  { property: "token.status", type: "text", read: (token) => token.status },
  { property: "token.createdByKey", type: "text", nullable: true, read: (token) => token.createdByKey },
  { property: "token.expiresAt", type: "date", nullable: true, read: (token) => token.expiresAt },
  { property: "token.moduleCount", type: "number", read: (token) => token.moduleCount },
  { property: "token.nameKey", type: "text", read: (token) => token.nameKey },
  { property: "token.createdAt", type: "date", read: (token) => token.createdAt },
] satisfies Omit<PageKey<ApiTokenEntity>, "name" | "direction">[];
const id: Omit<PageKey<ApiTokenEntity>, "name" | "direction"> = {
  property: "token.id",
  type: "text",
  read: (token) => token.id,
};

describe("Orders of several levels", () => {
  const server = useServer({ platform: null });
  const tokens = () => server().app.dataSource.manager.createQueryBuilder(ApiTokenEntity, "token");
  const rows: Rows<ApiTokenEntity> = {
    inOrder: (keys) => ({ query: tokens(), keys }),
    withIds: (ids) => tokens().where("token.id IN (:...ids)", { ids }),
  };
  let all: ApiTokenEntity[];

  beforeAll(async () => {
    await seed(server().app, { accounts: 1, tokens: 60 });
    // Some with equal names and dates, and some without a creator.
    await server().sql("UPDATE api_token SET created_by_key = NULL WHERE id LIKE '%3' OR id LIKE '%7'");
    await server().sql("UPDATE api_token SET name_key = 'null', created_at = ? WHERE id LIKE '%1' OR id LIKE '%2'", [
      "2026-01-01 00:00:00.123",
    ]);
    all = await tokens().getMany();
  });

  const direction = fc.constantFrom("ASC" as const, "DESC" as const);
  const order = fc
    .tuple(fc.shuffledSubarray(fields, { minLength: 2 }), fc.infiniteStream(direction))
    .map(([levels, directions]) =>
      [...levels, id].map(
        (level): PageKey<ApiTokenEntity> => ({ ...level, name: level.property, direction: directions.next().value }),
      ),
    );

  test("Rows read level by level are those of a sorted list", async () => {
    await fc.assert(
      fc.asyncProperty(
        order,
        fc.option(fc.nat({ max: 59 })),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 0, max: 20 }),
        async (keys, after, count, sortable) => {
          const boundary = after === null ? null : keys.map(({ read }) => read(all[after] as ApiTokenEntity));
          const expected = await placesOf(ordered(tokens(), keys, boundary).limit(count), keys, keys);
          expect(await firstPlaces(rows, keys, boundary, count, { sortable })).toEqual(expected);
        },
      ),
      { numRuns: propertyRuns(150) },
    );
  }, 600_000);
});

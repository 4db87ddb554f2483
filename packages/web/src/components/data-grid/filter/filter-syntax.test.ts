import type { FilterGroup } from "./filter-model";
import { formatFilter, parseFilter } from "./filter-syntax";

const filters: [string, FilterGroup][] = [
  [
    "status.anyOf(ACTIVE,DISABLED)",
    {
      kind: "group",
      join: "and",
      items: [{ kind: "condition", field: "status", operator: "anyOf", values: ["ACTIVE", "DISABLED"] }],
    },
  ],
  [
    'or(name.contains("a, \\"b\\" (c)"),and(neverUsed.is(true)))',
    {
      kind: "group",
      join: "or",
      items: [
        { kind: "condition", field: "name", operator: "contains", values: ['a, "b" (c)'] },
        {
          kind: "group",
          join: "and",
          items: [{ kind: "condition", field: "neverUsed", operator: "is", values: ["true"] }],
        },
      ],
    },
  ],
];

describe("Filter syntax", () => {
  test.each(filters)("The filter %s parses and formats without loss", (text, filter) => {
    expect(formatFilter(filter)).toBe(text);
    expect(parseFilter(text)).toEqual(filter);
  });

  test.each(["", "and()", "name", "name.contains", "name.contains(a", "name.contains(a))", "(a)"])(
    "The malformed filter %j is rejected",
    (text) => expect(parseFilter(text)).toBeNull(),
  );

  test("A filter nested 5,000 levels deep is rejected", () => expect(parseFilter("and(".repeat(5000))).toBeNull());

  test.each(["  a", "é ü", "100%", "a&b=c#d", "日本", "line\nbreak", "\\", '"'])(
    "The filter value %j is kept in the URL",
    (value) => {
      const filter: FilterGroup = {
        kind: "group",
        join: "and",
        items: [{ kind: "condition", field: "name", operator: "equals", values: [value] }],
      };
      expect(parseFilter(formatFilter(filter))).toEqual(filter);
    },
  );
});

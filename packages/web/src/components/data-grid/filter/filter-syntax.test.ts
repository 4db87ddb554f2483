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

describe("A filter in the URL", () => {
  it.each(filters)("%s", (text, filter) => {
    expect(formatFilter(filter)).toBe(text);
    expect(parseFilter(text)).toEqual(filter);
  });

  it.each(["", "and()", "name", "name.contains", "name.contains(a", "name.contains(a))", "(a)"])("%s is none", (text) =>
    expect(parseFilter(text)).toBeNull(),
  );

  it("nested without end is none", () => expect(parseFilter("and(".repeat(5000))).toBeNull());

  it.each(["  a", "é ü", "100%", "a&b=c#d", "日本", "line\nbreak", "\\", '"'])("keeps %j", (value) => {
    const filter: FilterGroup = {
      kind: "group",
      join: "and",
      items: [{ kind: "condition", field: "name", operator: "equals", values: [value] }],
    };
    expect(parseFilter(formatFilter(filter))).toEqual(filter);
  });
});

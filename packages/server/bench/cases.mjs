// Test cases for the token list, each as GraphQL variables and as hand-written SQL.

const orders = {
  NAME: "t.name_key",
  ID: "t.id",
  STATUS: "t.status",
  CREATED_BY: "t.created_by_key",
  CREATED_AT: "t.created_at",
  LAST_ACCESS_AT: "a.last_access_at",
  EXPIRES_AT: "t.expires_at",
  MODULE_COUNT: "t.module_count",
};

const hasModule = "EXISTS (SELECT 1 FROM api_token_module l WHERE l.token_id = t.id AND l.module_id = ?)";
const halfYearAgo = new Date(Date.now() - 182 * 86_400_000);

const disabledWithModule = {
  filter: { status: ["DISABLED"], moduleIds: ["MOD-2003"] },
  where: `t.status = ? AND ${hasModule}`,
  parameters: ["DISABLED", "MOD-2003"],
};

const nested = {
  filter: {
    or: [
      { and: [{ name: { startsWith: "billing" } }, { createdAt: { from: halfYearAgo.toISOString() } }] },
      { moduleIds: ["MOD-2003"], not: { or: [{ status: ["ACTIVE"] }, { neverUsed: true }] } },
    ],
  },
  where: `((t.name_key LIKE 'billing%' AND t.created_at >= ?)
    OR (${hasModule} AND NOT (t.status = ? OR (SELECT last_access_at FROM api_token_access WHERE token_id = t.id) IS NULL)))`,
  parameters: [halfYearAgo, "MOD-2003", "ACTIVE"],
};

const unusedModule = { filter: { moduleIds: ["MOD-9999"] }, where: hasModule, parameters: ["MOD-9999"] };

const withDeleted = {
  deleted: true,
  filter: { status: ["ACTIVE", "DELETED"] },
  where: "t.status IN (?, ?)",
  parameters: ["ACTIVE", "DELETED"],
};

const search = (text) => ({
  filter: { search: text },
  where: "INSTR(t.search_text, ?) > 0",
  parameters: [text],
});

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {number} [first] Default 10.
 * @property {number} [last]
 * @property {number} [offset]
 * @property {boolean} [afterOffset] Read the page after the cursor of the row before the offset, instead of by offset.
 * @property {boolean} [withCount]
 * @property {{ field: keyof typeof orders, direction: "ASC" | "DESC" }[]} [orderBy]
 * @property {object} [filter]
 * @property {boolean} [deleted] Include deleted tokens, which only users in an OPERATIONS account can see.
 * @property {string} [where] SQL equivalent of the filter.
 * @property {unknown[]} [parameters]
 */

/** @param {number} tokens Number of seeded tokens. One in twenty is deleted. @returns {Case[]} */
export function casesFor(tokens) {
  const listed = tokens - Math.floor(tokens / 20);
  const middle = Math.floor(listed / 20) * 10;
  const lastPage = Math.floor((listed - 1) / 10) * 10;
  const lastOfEight = Math.floor((tokens / 8 - 1) / 10) * 10;
  const byName = [{ field: /** @type {const} */ ("NAME"), direction: /** @type {const} */ ("ASC") }];
  return [
    { name: "first page" },
    { name: "first page, 100 rows", first: 100 },
    { name: "first page, counted", withCount: true },
    ...Object.keys(orders).flatMap((field) =>
      /** @type {const} */ (["ASC", "DESC"]).map((direction) => ({
        name: `by ${field} ${direction}`,
        orderBy: [{ field: /** @type {keyof typeof orders} */ (field), direction }],
      })),
    ),
    {
      name: "by STATUS DESC, NAME ASC",
      orderBy: [{ field: "STATUS", direction: "DESC" }, ...byName],
    },
    { name: "page in the middle, by cursor", offset: middle, afterOffset: true },
    { name: "page in the middle, by offset, counted", offset: middle, withCount: true },
    { name: "page in the middle, by offset, by NAME", offset: middle, orderBy: byName },
    { name: "last page, by offset, counted", offset: lastPage, withCount: true },
    { name: "last page, by `last`", last: 10 },
    { name: "status and module", ...disabledWithModule },
    { name: "status and module, counted", ...disabledWithModule, withCount: true },
    { name: "status and module, by NAME", ...disabledWithModule, orderBy: byName },
    { name: "a module that no token has, counted", ...unusedModule, withCount: true },
    { name: "active and deleted ones, counted", ...withDeleted, withCount: true },
    { name: "search, 1 in 8 matches", ...search("billing") },
    { name: "search, 1 in 8 matches, counted", ...search("billing"), withCount: true },
    { name: "search, 1 in 8 matches, last page", ...search("billing"), offset: lastOfEight, withCount: true },
    { name: "search, about 100 matches, counted", ...search("robot 500"), withCount: true },
    { name: "search, 1 match, counted", ...search(`robot ${tokens - 3}`), withCount: true },
    { name: "search, no match, counted", ...search("no such robot"), withCount: true },
    { name: "nested filter", ...nested },
    { name: "nested filter, counted", ...nested, withCount: true },
  ];
}

const columns = [
  "id",
  "name",
  "description",
  "icon_hash",
  "status",
  "module_count",
  "created_at",
  "created_by_id",
  "created_by_name",
  "expires_at",
]
  .map((column) => `t.${column}`)
  .concat("a.last_access_at")
  .join(", ");

/** From this offset on, rows are skipped in an index before full rows are read. */
const farOffset = 1_000;

/**
 * Reads a case's page, its tokens' modules and, if requested, the count.
 * @param {import("./databases.mjs").Hand} hand
 * @param {Case} asked
 * @param {{ accountId: string, after?: { created_at: string, id: string } }} where
 */
export async function readByHand(hand, asked, { accountId, after }) {
  const order = orderOf(asked);
  // The index of last accesses has this order for an account.
  const owner = order.startsWith("a.") ? "a" : "t";
  const filterOf = (table) =>
    `${table}.account_id = ?${asked.deleted ? "" : ` AND ${table}.deleted = 0`}${asked.where ? ` AND ${asked.where}` : ""}`;
  const filter = filterOf("t");
  const parameters = [accountId, ...(asked.parameters ?? [])];
  const boundary = after ? " AND t.created_at <= ? AND (t.created_at < ? OR (t.created_at = ? AND t.id < ?))" : "";
  const behind = after ? [after.created_at, after.created_at, after.created_at, after.id] : [];

  const skip = after ? 0 : (asked.offset ?? 0);
  const joined = "JOIN api_token_access a ON a.token_id = t.id";
  const limit = asked.last ?? asked.first ?? 10;
  const range = `WHERE ${filterOf(owner)}${boundary} ORDER BY ${order} LIMIT ${limit} OFFSET ${skip}`;
  const page =
    skip < farOffset
      ? `SELECT ${columns} FROM api_token t ${joined} ${range}`
      : `SELECT ${columns} FROM (SELECT t.id FROM api_token t ${range}) p
         JOIN api_token t ON t.id = p.id ${joined} ORDER BY ${order}`;
  const rows = await hand.query(page, [...parameters, ...behind]);

  const ids = rows.map(({ id }) => id);
  const modules = ids.length
    ? await hand.query(
        `SELECT l.token_id, m.id, m.name FROM api_token_module l JOIN module m ON m.id = l.module_id
         WHERE l.token_id IN (${ids.map(() => "?").join(", ")}) ORDER BY m.name`,
        ids,
      )
    : [];
  const count = asked.withCount
    ? await hand.query(`SELECT COUNT(*) AS total FROM api_token t WHERE ${filter}`, parameters)
    : [];
  return { ids: asked.last ? ids.reverse() : ids, modules, total: count[0]?.total };
}

function orderOf({ orderBy = [{ field: "CREATED_AT", direction: "DESC" }], last }) {
  const turned = (direction) => (last ? (direction === "ASC" ? "DESC" : "ASC") : direction);
  const levels = orderBy.map(({ field, direction }) => `${orders[field]} ${turned(direction)}`);
  const id = orderBy.at(-1).field === "LAST_ACCESS_AT" ? "a.token_id" : "t.id";
  if (!orderBy.some(({ field }) => field === "ID")) levels.push(`${id} ${turned(orderBy.at(-1).direction)}`);
  return levels.join(", ");
}

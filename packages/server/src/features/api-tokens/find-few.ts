import { limits, searchTermOf } from "@hallpass/shared";
import type { DataSource, ObjectLiteral, SelectQueryBuilder } from "typeorm";
import { longRead } from "../../db/long-reads.js";
import { built } from "../../db/rows.js";
import { indexedLength, lettersPerWord, wordsToFind } from "../../db/search-words.js";
import { ApiTokenAccessEntity, type ApiTokenEntity } from "./api-token.entity.js";
import type { ApiTokenFilter } from "./api-token.inputs.js";
import { conditionsIn, isEveryToken } from "./filter-api-tokens.js";
import { searchKey } from "./search-text.js";

// A database that reads a list in its order finds a few of a million tokens late. So those that meet a condition are
// looked up first, in whatever order an index has them. If they are few, the list is made of them. If they are many, its
// first pages are soon found in its own order.

interface Scope {
  dataSource: DataSource;
  accountId: string;
  /** Values of `deleted` that the list can have. */
  deleted: number[];
}

/** IDs of all tokens that meet a condition, or MANY. Null if there is no way to tell soon. */
type Found = string[] | "MANY" | null;
type Lookup = (scope: Scope) => Promise<Found>;

export interface Few {
  /** A few tokens that include all that meet the filter. Null if it takes no longer to find them in the list's order. */
  ids: string[] | null;
  /** The number of tokens that meet the filter, if it is known. */
  total?: number;
  /** More than `limits.countedRows` meet it. */
  isMany?: boolean;
}

const many = limits.countedRows + 1;
/** Of more tokens, the first in any order are found soon, if the condition can be read from an index. */
const fewIndexed = 1_000;
/** Maximum number of lookups for a list, as each can read 10,000 tokens. */
const maxLookups = 2;
/** Maximum number of creators' names that are compared with a text. */
const maxCreators = 1_000;
/** Number of tokens in which MariaDB counts words, to look up the rarest. An account with fewer needs no index. */
const sampleSize = 500;
/** Text whose rarest word is in this share of tokens or more is soon found by reading the list in its order. */
const frequentShare = 0.05;
const rarestWords = 2;

/** @param query Of the `token` that meet the filter. */
export async function findFew(
  scope: Scope,
  filter: ApiTokenFilter,
  query: () => SelectQueryBuilder<ApiTokenEntity>,
): Promise<Few> {
  if (isEveryToken(filter)) return { ids: null };
  const isWholeFilter = isSingle(filter);
  for (const lookup of lookupsOf(filter).slice(0, maxLookups)) {
    const found = await lookup(scope);
    if (Array.isArray(found))
      return isWholeFilter || found.length === 0 ? { ids: found, total: found.length } : { ids: found };
    if (found === "MANY" && isWholeFilter) return { ids: null, isMany: true };
  }
  const found = await foundBy(scope, query().select("token.id", "id"));
  if (found === "MANY") return { ids: null, isMany: true };
  return { ids: found.length > fewIndexed ? null : found, total: found.length };
}

const isGiven = (value: unknown) => value != null;

/** Whether the filter is a single condition, alone or inside `and` groups. */
const isSingle = (filter: ApiTokenFilter) => !hasAlternatives(filter) && conditionsIn(filter) === 1;

const hasAlternatives = ({ and, or, not }: ApiTokenFilter): boolean =>
  isGiven(or) || isGiven(not) || Boolean(and?.some(hasAlternatives));

/** For conditions whose index the databases do not use by themselves. */
function lookupsOf({ search, name, moduleIds, lastAccessAt, neverUsed, and }: ApiTokenFilter): Lookup[] {
  const { from = null, to = null } = lastAccessAt ?? {};
  const own = [
    search?.trim() && ((scope: Scope) => bySearch(scope, searchKey(searchTermOf(search)))),
    name?.startsWith && ((scope: Scope) => byText(scope, searchKey(name.startsWith ?? ""), isAtStart)),
    name?.contains && ((scope: Scope) => byText(scope, searchKey(name.contains ?? ""), isInName)),
    (from || to) && ((scope: Scope) => byAccess(scope, { from, to })),
    neverUsed && ((scope: Scope) => byAccess(scope, null)),
    moduleIds?.length && ((scope: Scope) => byModule(scope, moduleIds)),
  ].filter((lookup) => typeof lookup === "function");
  return [...own, ...(and ?? []).flatMap(lookupsOf)];
}

// SQL of where a text is.
const isInText = "INSTR(token.search_text, ?) > 0";
const isInName = "INSTR(token.name_key, ?) > 0";
const isAtStart = "INSTR(token.name_key, ?) = 1";

const isSqlite = ({ options }: DataSource) => options.type === "better-sqlite3";

const foundBy = (scope: Scope, query: SelectQueryBuilder<ObjectLiteral>) => {
  const { sql, parameters } = built(query);
  return foundBySql(scope, sql, parameters);
};

async function foundBySql({ dataSource }: Scope, sql: string, parameters: unknown[]): Promise<string[] | "MANY"> {
  const limited = `${sql} LIMIT ${many}`;
  if (isSqlite(dataSource)) {
    // They come from another process, which sends one text faster than many rows.
    const [{ ids }] = await dataSource.query(
      `/* ${longRead} */ SELECT CASE WHEN COUNT(*) < ${many} THEN json_group_array(id) END AS ids FROM (${limited}) AS found`,
      parameters,
    );
    return ids === null ? "MANY" : JSON.parse(ids);
  }
  const rows: { id: string }[] = await dataSource.query(`/* ${longRead} */ ${limited}`, parameters);
  return rows.length < many ? rows.map(({ id }) => id) : "MANY";
}

/** The text is in the name, ID, description or creator's name. */
async function bySearch(scope: Scope, text: string): Promise<Found> {
  const created = await byCreator(scope, text);
  if (!Array.isArray(created)) return created;
  const found = await byText(scope, text, isInText);
  if (!Array.isArray(found)) return found;
  const both = new Set([...created, ...found]);
  return both.size < many ? [...both] : "MANY";
}

/** Looks up the words of the text, and compares it with the tokens that have all of them. */
async function byText(scope: Scope, text: string, isThere: string): Promise<Found> {
  if (text.length < indexedLength || text.length > limits.searchLength) return null;
  const { dataSource, accountId, deleted } = scope;
  const words = wordsToFind(accountId, text);
  const conditions = `token.account_id = ? AND token.deleted IN (${deleted}) AND ${isThere}`;
  if (isSqlite(dataSource))
    return foundBySql(
      scope,
      `SELECT token.id FROM ix_api_token_search_words AS found
       CROSS JOIN api_token_search AS search ON search.number = found.rowid
       CROSS JOIN api_token AS token ON token.id = search.token_id
       WHERE ix_api_token_search_words MATCH ? AND ${conditions}`,
      [words.join(" AND "), accountId, text],
    );
  const rarest = await rarestOf(words, scope);
  if (rarest.length === 0) return null;
  return foundBySql(
    scope,
    `SELECT token.id FROM api_token_search AS search STRAIGHT_JOIN api_token AS token ON token.id = search.token_id
     WHERE MATCH (search.words) AGAINST (? IN BOOLEAN MODE) AND ${conditions}`,
    [rarest.map((word) => `+${word}`).join(" "), accountId, text],
  );
}

/** MariaDB reads the whole list of each word, so it gets rare ones only. None if the index is of no use. */
async function rarestOf(words: string[], { dataSource, accountId }: Scope): Promise<string[]> {
  const counts = words.map((_, index) => `SUM(INSTR(words, ?) > 0) AS count${index}`);
  const [sample] = await dataSource.query(
    `SELECT COUNT(*) AS tokens, @@innodb_ft_min_token_size AS shortest, ${counts.join(", ")}
     FROM (SELECT search.words FROM api_token AS token
           STRAIGHT_JOIN api_token_search AS search ON search.token_id = token.id
           WHERE token.account_id = ? AND token.deleted = 0 ORDER BY token.id LIMIT ${sampleSize}) AS sample`,
    [...words, accountId],
  );
  const hasWords = Number(sample.shortest) <= lettersPerWord;
  if (!hasWords || Number(sample.tokens) < sampleSize) return [];
  return words
    .map((word, index) => ({ word, count: Number(sample[`count${index}`]) }))
    .filter(({ count }) => count < frequentShare * sampleSize)
    .sort((a, b) => a.count - b.count)
    .slice(0, rarestWords)
    .map(({ word }) => word);
}

async function byCreator(scope: Scope, text: string): Promise<Found> {
  const names = await creatorsOf(scope);
  if (!names) return null;
  const matching = names.filter((name) => name.includes(text));
  if (matching.length === 0) return [];
  return foundBySql(
    scope,
    `SELECT id FROM api_token WHERE account_id = ? AND deleted IN (${scope.deleted})
     AND created_by_key IN (${matching.map(() => "?").join(", ")})`,
    [scope.accountId, ...matching],
  );
}

/** Names of who created the account's tokens, as they are compared. Reads each once, not each token. */
async function creatorsOf(scope: Scope): Promise<string[] | null> {
  const rows = isSqlite(scope.dataSource) ? await creatorsOnSqlite(scope) : await creatorsOnServer(scope);
  if (rows.length > maxCreators) return null;
  return [...new Set(rows.flatMap(({ name }) => name ?? []))];
}

type Named = Promise<{ name: string | null }[]>;

/** Grouped like the index, which MariaDB and MySQL then skip through. */
const creatorsOnServer = ({ dataSource, accountId, deleted }: Scope): Named =>
  dataSource.query(
    `/* ${longRead} */ SELECT account_id, deleted, created_by_key AS name FROM api_token
     WHERE account_id = ? AND deleted IN (${deleted}) AND created_by_key IS NOT NULL
     GROUP BY account_id, deleted, created_by_key LIMIT ${maxCreators + 1}`,
    [accountId],
  );

/** Jumps through the index, from one name to the next. */
function creatorsOnSqlite({ dataSource, accountId, deleted }: Scope): Named {
  const next = (after: string) => `(SELECT MIN(token.created_by_key) FROM api_token AS token
    WHERE token.account_id = ? AND token.deleted = creator.deleted AND token.created_by_key > ${after})`;
  return dataSource.query(
    `/* ${longRead} */ WITH RECURSIVE creator (deleted, name) AS (
       SELECT creator.deleted, ${next("''")}
       FROM (${deleted.map((value) => `SELECT ${value} AS deleted`).join(" UNION ALL ")}) AS creator
       UNION ALL
       SELECT creator.deleted, ${next("creator.name")} FROM creator WHERE creator.name IS NOT NULL
       LIMIT ${maxCreators + 1}
     )
     SELECT name FROM creator`,
    [accountId, accountId],
  );
}

/** Last accessed in the range. Without one, never. */
async function byAccess(scope: Scope, range: { from: Date | null; to: Date | null } | null): Promise<Found> {
  const { dataSource, accountId, deleted } = scope;
  const query = dataSource.manager
    .createQueryBuilder(ApiTokenAccessEntity, "access")
    .select("access.tokenId", "id")
    .where(`access.accountId = :accountId AND access.deleted IN (${deleted})`, { accountId });
  if (!range) query.andWhere("access.lastAccessAt IS NULL");
  if (range?.from) query.andWhere("access.lastAccessAt >= :from", { from: range.from });
  if (range?.to) query.andWhere("access.lastAccessAt < :to", { to: range.to });
  return foundBy(scope, query);
}

/** The index has the tokens of all accounts, so only some of them are looked at. */
async function byModule(scope: Scope, moduleIds: string[]): Promise<Found> {
  const looked = 2 * many;
  const granted = `SELECT token_id FROM api_token_module
    WHERE module_id IN (${moduleIds.map(() => "?").join(", ")}) LIMIT ${looked}`;
  const [{ count }] = await scope.dataSource.query(
    `/* ${longRead} */ SELECT COUNT(*) AS count FROM (${granted}) AS granted`,
    moduleIds,
  );
  // A token can have several of the modules.
  const found = await foundBySql(
    scope,
    `SELECT DISTINCT token.id FROM (${granted}) AS granted ${isSqlite(scope.dataSource) ? "CROSS " : "STRAIGHT_"}JOIN api_token AS token
       ON token.id = granted.token_id AND token.account_id = ? AND token.deleted IN (${scope.deleted})`,
    [...moduleIds, scope.accountId],
  );
  return found === "MANY" || Number(count) < looked ? found : null;
}

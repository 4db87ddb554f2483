import { limits, searchTermOf } from "@hallpass/shared";
import type { SelectQueryBuilder } from "typeorm";
import type { AuthenticatedCaller } from "../../core/caller-types.js";
import { badInput } from "../../core/errors.js";
import type { DateTimeRange } from "../../graphql/range.types.js";
import { type ApiTokenEntity, ApiTokenModuleEntity } from "./api-token.entity.js";
import type { ApiTokenFilter, StringFilter } from "./api-token.inputs.js";
import { searchKey } from "./search-text.js";
import { maySeeDeleted } from "./visibility.js";

/** Alias of the table whose account and deletion restrict the query. With `access`, its last access does so, too. */
export type Owner = "token" | "access";

/** Restricts a query of `token` to the filter and to what the caller may see. */
export function addFilter(
  query: SelectQueryBuilder<ApiTokenEntity>,
  caller: AuthenticatedCaller,
  filter: ApiTokenFilter,
  owner: Owner,
): void {
  costOfFilter(filter);
  const sql = new Conditions(query, owner).of(filter);
  const [deleted, ...others] = deletedIn(caller, filter);
  if (others.length === 0) query.andWhere(`${owner}.deleted = ${deleted}`);
  if (sql) query.andWhere(sql);
}

/** Values of `deleted` in the list. Deleted tokens are listed only if the caller may see them and asks for them. */
export function deletedIn(caller: AuthenticatedCaller, filter: ApiTokenFilter): [number, ...number[]] {
  if (!(maySeeDeleted(caller) && mentionsDeleted(filter))) return [0];
  return isDeletedOnly(filter) ? [1] : [0, 1];
}

/**
 * The additional cost of a filter, which is compared with all tokens of the account. Throws BAD_USER_INPUT if it is too
 * large or too deep.
 */
export function costOfFilter(filter: ApiTokenFilter): number {
  const places = placesIn(filter, 1);
  if (places.length > limits.filterConditions)
    throw badInput(`A filter can have up to ${limits.filterConditions} conditions.`);
  const conditions = places.filter((cost) => cost > 0);
  return conditions.reduce((total, cost) => total + cost, conditions.length > 0 ? costOfComparing : 0);
}

/** Whether the filter has no conditions but empty ones that every token meets. None meets `or: []` or `not: {}`. */
export function isEveryToken({ and, or, not, ...own }: ApiTokenFilter): boolean {
  const isEmpty = (value: unknown) =>
    value == null || (typeof value === "object" && !Array.isArray(value) && Object.values(value).every(isNull));
  return or == null && not == null && Object.values(own).every(isEmpty) && (and ?? []).every(isEveryToken);
}

const isNull = (value: unknown) => value == null;

/** The number of conditions in a filter, those nested in it included. */
export const conditionsIn = (filter: ApiTokenFilter): number => placesIn(filter, 1).filter((cost) => cost > 0).length;

// Measured with 10,000 tokens.
const costOfComparing = 1_500;
const costOfACondition = 500;
/** A subquery for each token. */
const costOfModules = 2_200;

/** The cost of each condition. An empty object costs nothing, but counts as a condition as well. */
function placesIn({ and, or, not, ...own }: ApiTokenFilter, depth: number): number[] {
  if (depth > limits.filterDepth + 1) throw badInput(`A filter can be nested up to ${limits.filterDepth} levels deep.`);
  const found = Object.entries(own).flatMap(([name, value]) => {
    if (value == null) return [];
    if (Array.isArray(value)) return [value.length + (name === "moduleIds" ? costOfModules : costOfACondition)];
    const parts = typeof value === "object" ? Object.values(value) : [value];
    return parts.filter((part) => part != null).map(() => costOfACondition);
  });
  const inside = [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])];
  if (found.length === 0 && inside.length === 0) return [0];
  return [...found, ...inside.flatMap((each) => placesIn(each, depth + 1))];
}

/** Whether deleted tokens are listed among others, if the caller may see them. */
export const isWithDeleted = (filter: ApiTokenFilter) => mentionsDeleted(filter) && !isDeletedOnly(filter);

function mentionsDeleted({ status, and, or, not }: ApiTokenFilter): boolean {
  return Boolean(
    status?.includes("DELETED") ||
      and?.some(mentionsDeleted) ||
      or?.some(mentionsDeleted) ||
      (not && mentionsDeleted(not)),
  );
}

const isDeletedOnly = ({ status }: ApiTokenFilter) => status?.length === 1 && status[0] === "DELETED";

/** A query that starts from `access` can read a range of its index. */
const lastAccessAt: Record<Owner, string> = {
  token: "(SELECT last_access_at FROM api_token_access WHERE token_id = token.id)",
  access: "access.lastAccessAt",
};

const disabledAt =
  "(SELECT event.at FROM api_token_event event WHERE event.token_id = token.id AND event.kind = 'DISABLED')";

/** Converts a filter to SQL that both databases interpret alike. Every value is a parameter. */
class Conditions {
  private parameters = 0;
  private readonly lastAccessAt: string;

  constructor(
    private readonly query: SelectQueryBuilder<ApiTokenEntity>,
    owner: Owner,
  ) {
    this.lastAccessAt = lastAccessAt[owner];
  }

  of(filter: ApiTokenFilter): string {
    const { and, or, not } = filter;
    const all = this.ownConditions(filter);
    if (and) all.push(...and.map((each) => this.of(each)));
    if (or) all.push(this.anyOf(or.map((each) => this.of(each) || "1 = 1")));
    // NULL counts as false, so that a condition and its negation are opposites.
    if (not) all.push(`NOT COALESCE(${this.of(not) || "1 = 1"}, 0 = 1)`);
    const given = all.filter(Boolean);
    return given.length > 1 ? `(${given.join(" AND ")})` : (given[0] ?? "");
  }

  private ownConditions(filter: ApiTokenFilter): string[] {
    const { search, name, status, moduleIds, createdByIds, neverUsed } = filter;
    return [
      search?.trim() && this.found(search),
      ...(name ? this.nameConditions(name) : []),
      status && this.oneOf("token.status", status),
      moduleIds && this.hasModule(moduleIds),
      createdByIds && this.oneOf("token.createdById", createdByIds),
      neverUsed != null && `${this.lastAccessAt} IS ${neverUsed ? "" : "NOT "}NULL`,
      ...this.within("token.createdAt", filter.createdAt),
      ...this.within(this.lastAccessAt, filter.lastAccessAt),
      ...this.within(disabledAt, filter.disabledAt),
      ...this.within("token.expiresAt", filter.expiresAt),
      filter.noExpiry != null && `token.expiresAt IS ${filter.noExpiry ? "" : "NOT "}NULL`,
      filter.noIpRanges != null && `token.ipRanges IS ${filter.noIpRanges ? "" : "NOT "}NULL`,
    ].filter((sql): sql is string => Boolean(sql));
  }

  private found(search: string): string {
    const text = this.text(searchTermOf(search));
    return `(INSTR(token.searchText, ${text}) > 0 OR INSTR(token.createdByKey, ${text}) > 0)`;
  }

  private within(property: string, range: DateTimeRange | null | undefined): string[] {
    const { from, to } = range ?? {};
    return [
      ...(from ? [`${property} >= ${this.parameter(from)}`] : []),
      ...(to ? [`${property} < ${this.parameter(to)}`] : []),
    ];
  }

  private nameConditions({ equals, contains, startsWith }: StringFilter): string[] {
    const found: string[] = [];
    if (equals != null) found.push(`token.nameKey = ${this.text(equals)}`);
    if (contains) found.push(`INSTR(token.nameKey, ${this.text(contains)}) > 0`);
    if (startsWith) found.push(`INSTR(token.nameKey, ${this.text(startsWith)}) = 1`);
    return found;
  }

  private hasModule(moduleIds: string[]): string {
    const isSqlite = this.query.dataSource.options.type === "better-sqlite3";
    const link = `link${this.parameters++}`;
    // SQLite would search its index for each listed module, for each token. The plus makes it read the token's own
    // modules.
    const moduleId = `${isSqlite ? "+ " : ""}${link}.moduleId`;
    const subQuery = this.query.subQuery().select("1").from(ApiTokenModuleEntity, link);
    subQuery.where(`${link}.tokenId = token.id`).andWhere(this.oneOf(moduleId, moduleIds));
    const exists = `EXISTS ${subQuery.getQuery()}`;
    // SQLite 3.51 turns a bare EXISTS into a join, and its OFFSET then counts a token once per module. MariaDB does so
    // too, but correctly, and is faster for it.
    return isSqlite ? `(${exists}) = 1` : exists;
  }

  private oneOf(property: string, values: string[]): string {
    if (values.length > limits.filterListLength)
      throw badInput(`A list in a filter can have up to ${limits.filterListLength} entries.`);
    return values.length ? `${property} IN (${values.map((value) => this.parameter(value)).join(", ")})` : "0 = 1";
  }

  private anyOf(conditions: string[]): string {
    return conditions.length ? `(${conditions.join(" OR ")})` : "0 = 1";
  }

  /** Text in the form in which the keys are stored, as a parameter. */
  private text(value: string): string {
    if (value.length > limits.searchLength)
      throw badInput(`Text in a filter can be up to ${limits.searchLength} characters.`);
    return this.parameter(searchKey(value));
  }

  private parameter(value: string | Date): string {
    const name = `filter${this.parameters++}`;
    this.query.setParameter(name, value);
    return `:${name}`;
  }
}

import { limits } from "@hallpass/shared";
import type { SelectQueryBuilder } from "typeorm";
import { badInput } from "../../errors.js";
import type { DateTimeRange } from "../../range.types.js";
import type { AuthenticatedCaller } from "../../request-context.js";
import { type ApiTokenEntity, ApiTokenModuleEntity } from "./api-token.entity.js";
import type { ApiTokenFilter, StringFilter } from "./api-token.inputs.js";
import { maySeeDeleted } from "./visibility.js";

/** Narrows a query of `token` to what the filter says and to what the caller may see. */
export function addFilter(
  query: SelectQueryBuilder<ApiTokenEntity>,
  caller: AuthenticatedCaller,
  filter: ApiTokenFilter,
): void {
  const conditions = new Conditions(query);
  const sql = conditions.of(filter, 1);
  // Deleted tokens are listed only to those who may see them and ask for them.
  if (!(maySeeDeleted(caller) && mentionsDeleted(filter))) query.andWhere("token.deleted = 0");
  else if (isDeletedOnly(filter)) query.andWhere("token.deleted = 1");
  if (sql) query.andWhere(sql);
}

function mentionsDeleted({ status, and, or, not }: ApiTokenFilter): boolean {
  return Boolean(
    status?.includes("DELETED") ||
      and?.some(mentionsDeleted) ||
      or?.some(mentionsDeleted) ||
      (not && mentionsDeleted(not)),
  );
}

const isDeletedOnly = ({ status }: ApiTokenFilter) => status?.length === 1 && status[0] === "DELETED";

/** Writes a filter as SQL that both databases read alike; every value is a parameter. */
class Conditions {
  private count = 0;
  private parameters = 0;

  constructor(private readonly query: SelectQueryBuilder<ApiTokenEntity>) {}

  of(filter: ApiTokenFilter, depth: number): string {
    if (depth > limits.filterDepth + 1) throw badInput(`A filter can be nested ${limits.filterDepth} deep at most.`);
    const { and, or, not } = filter;
    const all = this.ownConditions(filter);
    if (and) all.push(...and.map((each) => this.of(each, depth + 1)));
    if (or) all.push(this.anyOf(or.map((each) => this.of(each, depth + 1) || "1 = 1")));
    // NULL is 'does not hold', so that a condition and its negation are opposites.
    if (not) all.push(`NOT COALESCE(${this.of(not, depth + 1) || "1 = 1"}, 0 = 1)`);
    const given = all.filter(Boolean);
    return given.length > 1 ? `(${given.join(" AND ")})` : (given[0] ?? "");
  }

  private ownConditions(filter: ApiTokenFilter): string[] {
    const { search, name, status, moduleIds, createdByIds, neverUsed, and, or, not } = filter;
    const found = [
      search?.trim() && `INSTR(token.searchText, ${this.text(search)}) > 0`,
      ...(name ? this.nameConditions(name) : []),
      status && this.oneOf("token.status", status),
      moduleIds && this.hasModule(moduleIds),
      createdByIds && this.oneOf("token.createdById", createdByIds),
      neverUsed != null && `token.lastAccessAt IS ${neverUsed ? "" : "NOT "}NULL`,
      ...(["createdAt", "lastAccessAt", "expiresAt"] as const).flatMap((each) => this.within(each, filter[each])),
    ].filter((sql): sql is string => Boolean(sql));
    // One that says nothing counts as well: it is a place in the statement.
    const isEmpty = found.length === 0 && !and?.length && !or?.length && !not;
    this.count += isEmpty ? 1 : found.length;
    if (this.count > limits.filterConditions)
      throw badInput(`A filter can have ${limits.filterConditions} conditions at most.`);
    return found;
  }

  private within(property: string, range: DateTimeRange | null | undefined): string[] {
    const { from, to } = range ?? {};
    return [
      ...(from ? [`token.${property} >= ${this.parameter(from)}`] : []),
      ...(to ? [`token.${property} < ${this.parameter(to)}`] : []),
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
    const link = `link${this.parameters++}`;
    const subQuery = this.query.subQuery().select("1").from(ApiTokenModuleEntity, link);
    subQuery.where(`${link}.tokenId = token.id`).andWhere(this.oneOf(`${link}.moduleId`, moduleIds));
    const exists = `EXISTS ${subQuery.getQuery()}`;
    // SQLite 3.51 makes a join of a bare EXISTS, and its OFFSET then counts a token for each module. MariaDB makes one
    // too, rightly, and is quicker for it.
    return this.query.dataSource.options.type === "better-sqlite3" ? `(${exists}) = 1` : exists;
  }

  private oneOf(property: string, values: string[]): string {
    if (values.length > limits.filterListLength)
      throw badInput(`A filter's list can have ${limits.filterListLength} entries at most.`);
    return values.length ? `${property} IN (${values.map((value) => this.parameter(value)).join(", ")})` : "0 = 1";
  }

  private anyOf(conditions: string[]): string {
    return conditions.length ? `(${conditions.join(" OR ")})` : "0 = 1";
  }

  /** Text in the form in which the keys are stored. */
  private text(value: string): string {
    if (value.length > limits.searchLength)
      throw badInput(`A text in a filter can have ${limits.searchLength} characters at most.`);
    return this.parameter(searchKey(value));
  }

  private parameter(value: string | Date): string {
    const name = `filter${this.parameters++}`;
    this.query.setParameter(name, value);
    return `:${name}`;
  }
}

/** A text as it is compared: in any case, without the space around it. */
export function searchKey(text: string): string {
  return text.trim().normalize("NFC").toLowerCase();
}

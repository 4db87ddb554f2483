import type { AccountType, ApiTokenStatus } from "@hallpass/shared";
import { createIpFilter, internedModules, type TokenSnapshot, type TokenValueSnapshot } from "@hallpass/shared/check";
import type { EntityManager } from "typeorm";

/** Reads all tokens in one statement. Unknown IDs are not in the result. */
export async function readTokenSnapshots(
  database: Pick<EntityManager, "query">,
  ids: string[],
): Promise<Map<string, TokenSnapshot>> {
  const rows: Row[] = await database.query(statement(ids.length), ids);
  const found = new Map<string, TokenSnapshot>();
  const modules = new Map<string, Set<string>>();
  for (const row of rows) {
    const snapshot = found.get(row.id) ?? newSnapshot(row);
    found.set(row.id, snapshot);
    const granted = modules.get(row.id) ?? new Set();
    if (row.module_id !== null) modules.set(row.id, granted.add(row.module_id));
    if (row.digest !== null && !snapshot.values.some(({ digest }) => digest === row.digest))
      snapshot.values.push(newValue(row.digest, row.valid_until));
  }
  for (const snapshot of found.values()) {
    snapshot.moduleIds = internedModules([...(modules.get(snapshot.id) ?? [])]);
    snapshot.scope = snapshot.moduleIds.join(" ");
  }
  return found;
}

interface Row {
  id: string;
  name: string;
  status: ApiTokenStatus;
  created_at: Date | string;
  expires_at: Date | string | null;
  ip_ranges: string | null;
  rate_limit_requests: number | null;
  rate_limit_seconds: number | null;
  account_id: string;
  account_name: string;
  account_type: AccountType;
  account_closed_at: Date | string | null;
  sequence: number;
  hash: string;
  digest: string | null;
  valid_until: Date | string | null;
  module_id: string | null;
}

function statement(count: number): string {
  return `
    SELECT token.id, token.name, token.status, token.created_at, token.expires_at,
      token.ip_ranges, token.rate_limit_requests, token.rate_limit_seconds,
      account.id AS account_id, account.name AS account_name, account.type AS account_type,
      account.closed_at AS account_closed_at, head.sequence, head.hash,
      secret.digest, secret.valid_until, enabled.module_id
    FROM api_token token
    JOIN account ON account.id = token.account_id
    JOIN audit_head head ON head.account_id = token.account_id
    LEFT JOIN api_token_secret secret ON secret.token_id = token.id
    LEFT JOIN api_token_module granted ON granted.token_id = token.id
    LEFT JOIN account_module enabled
      ON enabled.account_id = token.account_id AND enabled.module_id = granted.module_id
    WHERE token.id IN (${Array(count).fill("?").join(", ")})`;
}

function newSnapshot(row: Row): TokenSnapshot {
  const ipRanges: string[] = row.ip_ranges === null ? [] : JSON.parse(row.ip_ranges);
  const { rate_limit_requests: requests, rate_limit_seconds: perSeconds } = row;
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    account: { id: row.account_id, name: row.account_name, type: row.account_type },
    accountIsClosed: row.account_closed_at !== null,
    moduleIds: [],
    scope: "",
    ipRanges,
    isAllowedFrom: ipRanges.length > 0 ? createIpFilter(ipRanges) : null,
    rateLimit: requests !== null && perSeconds !== null ? { requests, perSeconds } : null,
    values: [],
    expiresAt: toMs(row.expires_at),
    createdAt: toMs(row.created_at) ?? 0,
    head: { sequence: row.sequence, hash: row.hash },
    answer: null,
  };
}

const newValue = (digest: string, validUntil: Row["valid_until"]): TokenValueSnapshot => ({
  digest,
  validUntil: toMs(validUntil),
});

/** SQLite returns `2026-11-23 09:30:00.000`, in UTC, and mysql2 a Date. */
function toMs(time: Date | string | null): number | null {
  if (time === null) return null;
  return typeof time === "string" ? Date.parse(`${time.replace(" ", "T")}Z`) : time.getTime();
}

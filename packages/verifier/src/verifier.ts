import { isIdentifier } from "@hallpass/shared";
import {
  bucketHeaders,
  type CheckContext,
  createLocalBuckets,
  createTokenCache,
  createTokenReader,
  type Decision,
  decideOnHeader,
  receivedSnapshot,
  type TokenSnapshot,
  verifierLimits,
} from "@hallpass/shared/check";
import { followChanges } from "./follow-changes.js";
import { createHallpassClient } from "./hallpass-client.js";
import { reportUsage } from "./report-usage.js";

export interface VerifierOptions {
  /** URL of Hallpass, e.g. `https://hallpass.example`. */
  url: string;
  /** Value of a token of an OPERATIONS account with the module 'Token verification' (MOD-1299). */
  token: string;
  /**
   * Maximum number of tokens in memory. 100,000 by default. With tokens of more than 20,000 accounts in
   * use, the cache is emptied repeatedly.
   */
  maxTokens?: number;
  /** Called when following changes or reporting usage fails. By default, emits a process warning. */
  onError?: (error: unknown) => void;
}

export interface VerifyOptions {
  /** IDs of modules the token needs, all of them, e.g. `["MOD-1310"]`. */
  modules?: readonly string[];
  /** IP address of the client. Tokens with IP ranges are allowed only if it is given and in one of them. */
  ip?: string | null;
  /** User agent of the client, shown with the token's last access. */
  userAgent?: string | null;
}

/** Identifies a token and what it may do. */
export interface TokenIdentity {
  /** `TKN-1234-5678` */
  id: string;
  name: string;
  account: { id: string; name: string; type: "CLIENT" | "VENDOR" | "OPERATIONS" };
  /** IDs of the modules it may use. */
  modules: readonly string[];
  /** Null if never. */
  expiresAt: Date | null;
}

/**
 * `status` and `headers` are for the HTTP response (RFC 6750, section 3): 401 if there is no valid token, 403 if it lacks a
 * module or cannot be used from the IP address, 429 if it has reached its rate limit. Only middleware returns 400, for
 * several tokens. `reason` is for the log.
 */
export type Verdict =
  | { allowed: true; token: TokenIdentity; headers: Record<string, string> }
  | { allowed: false; status: 400 | 401 | 403 | 429; reason: string; headers: Record<string, string> };

export interface Verifier {
  /**
   * Decides whether the Authorization header (`Bearer hp_…`) allows a request, exactly as Hallpass's own `/authorize`
   * does. Synchronous for a token that is in memory. A revoked token is denied within 1 second. Throws, or rejects with,
   * Undecided if Hallpass cannot be reached for longer than that: answer 503.
   */
  verify(authorization: string | undefined, options?: VerifyOptions): Verdict | Promise<Verdict>;
  /** `confirmedAgo`: how long ago, in ms, Hallpass last confirmed what is in memory. Checks need less than 1,000. */
  statistics(): { entries: number; hits: number; misses: number; confirmedAgo: number };
  /** Stops following changes and reports the remaining usage. */
  close(): Promise<void>;
}

const requestTimeoutMs = 1_500;

/** Checks tokens in this process's memory, and follows Hallpass's change feed. */
export function createVerifier({ url, token, maxTokens = 100_000, onError = warn }: VerifierOptions): Verifier {
  const client = createHallpassClient(url, token, requestTimeoutMs);
  const reader = createTokenReader({
    idsPerStatement: verifierLimits.tokens,
    async readMany(ids) {
      const { tokens } = await client.tokens({ ids });
      return new Map(tokens.map((sent) => [sent.id, receivedSnapshot(sent, verdictOfToken)]));
    },
  });
  const tokens = createTokenCache({ reader, maxEntries: maxTokens });
  const feed = followChanges(client, tokens, onError);
  const usage = reportUsage(client, maxTokens, onError);
  const check: CheckContext = {
    tokens,
    usage,
    buckets: createLocalBuckets(maxTokens),
    metrics: { checks: {} },
    now: () => new Date(),
  };
  return {
    verify(authorization, { modules = none, ip = null, userAgent = null } = {}) {
      assertModules(modules);
      if (authorization === undefined) return noToken;
      const decision = decideOnHeader(check, authorization, { ip, userAgent }, modules);
      return decision instanceof Promise
        ? decision.then((each) => verdictOf(each, modules))
        : verdictOf(decision, modules);
    },
    statistics: tokens.statistics,
    async close() {
      feed.close();
      await usage.close();
    },
  };
}

const none: readonly string[] = [];

const knownModules = new Set<string>();
const maxKnownModules = 10_000;

/** A mistyped requirement must not become one that no token meets, or none. */
export function assertModules(modules: readonly string[]): void {
  for (const id of modules) {
    if (knownModules.has(id)) continue;
    if (!isIdentifier("module", id)) throw new TypeError(`'${id}' is not a module ID such as MOD-1310.`);
    if (knownModules.size < maxKnownModules) knownModules.add(id);
  }
}

const noToken: Verdict = {
  allowed: false,
  status: 401,
  reason: "no_token",
  headers: { "WWW-Authenticate": 'Bearer realm="hallpass"' },
};

function verdictOf(decision: Decision, modules: readonly string[]): Verdict {
  if (decision.good) {
    const verdict = decision.answer as Allowed;
    return decision.bucket ? { ...verdict, headers: bucketHeaders(decision.bucket) } : verdict;
  }
  const { reason, bucket } = decision;
  if (bucket) return { allowed: false, status: 429, reason, headers: bucketHeaders(bucket) };
  const status = reason === "insufficient_scope" || reason === "outside_ip_ranges" ? 403 : 401;
  return { allowed: false, status, reason, headers: { "WWW-Authenticate": challengeOf(reason, modules) } };
}

const noHeaders: Record<string, string> = Object.freeze({});

function challengeOf(reason: string, modules: readonly string[]): string {
  if (reason === "insufficient_scope")
    return `Bearer realm="hallpass", error="insufficient_scope", scope="${modules.join(" ")}"`;
  if (reason === "outside_ip_ranges")
    return 'Bearer realm="hallpass", error="insufficient_scope", error_description="The IP address is outside the token\'s ranges"';
  return 'Bearer realm="hallpass", error="invalid_token"';
}

type Allowed = Extract<Verdict, { allowed: true }>;

/** Made once per snapshot, so that a check of a warm token allocates none. */
function verdictOfToken(snapshot: TokenSnapshot): Allowed {
  const { id, name, account, moduleIds, expiresAt } = snapshot;
  const expiry = expiresAt === null ? null : new Date(expiresAt);
  const token = { id, name, account: Object.freeze({ ...account }), modules: moduleIds, expiresAt: expiry };
  return Object.freeze({ allowed: true, token: Object.freeze(token), headers: noHeaders });
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error.message : String(error), "HallpassWarning");
}

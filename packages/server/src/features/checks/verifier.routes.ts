import { isIP } from "node:net";
import { isIdentifier } from "@hallpass/shared";
import {
  type ChangesAnswer,
  credentialOf,
  sentGap,
  sentSnapshot,
  type TokensAnswer,
  type Usage,
  verifierLimits,
  verifierPaths,
} from "@hallpass/shared/check";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { AppContext } from "../../context/app-context.js";
import { badInput } from "../../core/errors.js";
import { readHistoryId } from "../../db/history.js";
import { findGaps } from "./change-feed.js";
import { assertMayVerify } from "./may-verify.js";
import { readTokenSnapshots } from "./token-snapshot.js";

/** Fits 20,000 heads. */
const maxBodyBytes = 4 * 1024 * 1024;
const dayMs = 86_400_000;
/** How many reports are remembered, to count each only once. */
const maxReports = 10_000;
/** How many accounts' changes one answer lists. Of others that have changed, the verifier drops all tokens. */
const maxGaps = 50;

const tokensRequest = z.object({
  ids: z.array(z.string().refine((id) => isIdentifier("token", id))).max(verifierLimits.tokens),
});

const link = z.object({ sequence: z.int().min(0), hash: z.string().max(64) });
const changesRequest = z.object({
  heads: z
    .record(z.string().max(24), link)
    .refine((heads) => Object.keys(heads).length <= verifierLimits.heads, "There are too many heads."),
});

const count = z.int().min(0).max(1_000_000_000);
const time = z.int().min(0).max(8.64e15);
const usage = z.object({
  tokenId: z.string().refine((id) => isIdentifier("token", id)),
  day: z.iso.date(),
  allowed: count,
  denied: count,
  lastAccessAt: time.nullable(),
  lastOrigin: z.object({
    ip: z
      .string()
      .nullable()
      .transform((ip) => (ip !== null && isIP(ip) > 0 ? ip : null)),
    userAgent: z
      .string()
      .nullable()
      .transform((text) => text?.replace(/\p{Cc}/gu, "").slice(0, 255) ?? null),
  }),
  lastUse: z.array(z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/), at: time })).max(10),
});
const usageRequest = z.object({ id: z.string().min(1).max(100), usages: z.array(usage).max(verifierLimits.usages) });

/**
 * For verifiers: checks inside a platform's own processes, which follow the same change feed as this one. The caller is
 * a token of an OPERATIONS account with the module 'Token verification'.
 */
export function verifierRoutes(server: FastifyInstance, app: AppContext): void {
  const options = { bodyLimit: maxBodyBytes };
  const counted = new LRUCache<string, true>({ max: maxReports });
  const mayVerify = (request: FastifyRequest) => assertMayVerify(app, request, credentialOf(request.raw));

  server.post(verifierPaths.tokens, options, async (request): Promise<TokensAnswer> => {
    await mayVerify(request);
    const { ids } = parsed(tokensRequest, request.body);
    const found = ids.length > 0 ? await readTokenSnapshots(app.checks, [...new Set(ids)]) : new Map();
    return { tokens: [...found.values()].map(sentSnapshot) };
  });

  server.post(verifierPaths.changes, options, async (request): Promise<ChangesAnswer> => {
    await mayVerify(request);
    const { heads } = parsed(changesRequest, request.body);
    const historyId = await readHistoryId(app.checks);
    return { historyId, gaps: (await findGaps(app.checks, Object.entries(heads), maxGaps)).map(sentGap) };
  });

  server.post(verifierPaths.usage, options, async (request, reply) => {
    await mayVerify(request);
    const now = app.now().getTime();
    const { id, usages } = parsed(usageRequest, request.body);
    // Its answer was lost, or came too late.
    if (counted.has(id)) return reply.code(204).send();
    counted.set(id, true);
    for (const each of usages) if (isRecent(each.day, now)) app.usage.reported(notLaterThan(each, now));
    return reply.code(204).send();
  });
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(body);
  if (!error) return data;
  const [issue] = error.issues;
  throw badInput(`The request is malformed at '${issue?.path.join(".")}': ${issue?.message}`);
}

/** A report that was held up may be of yesterday. The clocks may differ, so tomorrow may have begun. */
function isRecent(day: string, now: number): boolean {
  return Math.abs(Date.parse(day) + dayMs / 2 - now) <= 2 * dayMs;
}

/** A verifier's clock may be ahead. Later uses would not count as such. */
function notLaterThan(usage: Usage, now: number): Usage {
  const { lastAccessAt, lastUse } = usage;
  return {
    ...usage,
    lastAccessAt: lastAccessAt === null ? null : Math.min(lastAccessAt, now),
    lastUse: lastUse.map(({ digest, at }) => ({ digest, at: Math.min(at, now) })),
  };
}

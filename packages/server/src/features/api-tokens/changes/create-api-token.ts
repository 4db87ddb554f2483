import { createHash } from "node:crypto";
import { createApiTokenInput } from "@hallpass/shared";
import { type EntityManager, LessThan } from "typeorm";
import type { z } from "zod";
import type { CallContext } from "../../../context/request-context.js";
import type { AuthenticatedCaller } from "../../../core/caller-types.js";
import { checkedInput } from "../../../core/checked-input.js";
import { userInputError } from "../../../core/errors.js";
import { newIdentifier } from "../../../core/identifiers.js";
import { isDuplicate } from "../../../db/database-errors.js";
import type { Transaction } from "../../../db/transaction.js";
import { writeAuditRecord } from "../../audit/write-audit-record.js";
import { inAuthorizedTransaction } from "../../callers/authorized-transaction.js";
import { encodeLogo, type Logo } from "../../logos/logo.js";
import { checkPolicy, checkRecentSignIn, type Policy, policyOf } from "../../policy/policy.js";
import {
  ApiTokenAccessEntity,
  ApiTokenEntity,
  ApiTokenEventEntity,
  ApiTokenLogoEntity,
  ApiTokenModuleEntity,
  ApiTokenSearchEntity,
  IdempotencyKeyEntity,
  newAccess,
  searchRow,
} from "../api-token.entity.js";
import type { CreateApiTokenInput } from "../api-token.inputs.js";
import { type RateLimitType, rateLimitColumns } from "../api-token.types.js";
import { ApiTokenSecretEntity } from "../api-token-secret.entity.js";
import { searchKey, searchTextOf } from "../search-text.js";
import { countReveal, newTokenValue, openSecret, secretOf } from "../token-secret.js";
import { checkReach } from "./delegation.js";
import { checkEnabled, checkExpiry, checkedIpRanges } from "./input-checks.js";
import { moduleIdsOf } from "./token-modules.js";
import { transitionOf, writeEvent } from "./transition.js";

export interface CreatedApiToken {
  token: ApiTokenEntity;
  value: string;
}

type Input = z.output<typeof createApiTokenInput>;

/** How long a creation can be repeated with its idempotency key. */
export const idempotencyMs = 86_400_000;
/** Two creations may draw the same ID, or have the same idempotency key. The loser starts over. */
const attempts = 5;

/** Creates an active token and returns its value. */
export async function createApiToken(context: CallContext, rawInput: CreateApiTokenInput): Promise<CreatedApiToken> {
  const input = checkedInput(createApiTokenInput, rawInput);
  checkExpiry(context, input.expiresAt);
  const ipRanges = checkedIpRanges(input.ipRanges);
  const logo = input.icon ? await encodeLogo(context, input.icon) : null;
  for (let attempt = 1; ; attempt++) {
    try {
      return await createOnce(context, { ...input, ...(ipRanges && { ipRanges }) }, logo);
    } catch (error) {
      if (attempt >= attempts || !isDuplicate(error)) throw error;
    }
  }
}

function createOnce(request: CallContext, input: Input, logo: Logo | null): Promise<CreatedApiToken> {
  return inAuthorizedTransaction(request, "apiToken:write", async (tx, context) => {
    const { manager } = tx;
    const policy = await policyOf(manager, context.caller.account.id);
    // Otherwise a new token could do what the person may not do now.
    await checkRecentSignIn(manager, context, policy);
    const earlier = await findEarlier(context, tx, input, policy);
    if (earlier) return earlier;
    const limits = limitsOf(context.caller, input);
    checkPolicy(policy, limits, context.app.now());
    await checkEnabled(context, manager, input.moduleIds);
    checkReach(context.caller, { moduleIds: input.moduleIds, ...limits });

    const token = newToken(context, input, limits, logo);
    const value = newTokenValue(token.id);
    await manager.insert(ApiTokenEntity, token);
    await manager.insert(ApiTokenAccessEntity, newAccess(token));
    await manager.insert(ApiTokenSearchEntity, searchRow(token));
    await manager.insert(
      ApiTokenModuleEntity,
      input.moduleIds.map((moduleId) => ({ tokenId: token.id, moduleId })),
    );
    await manager.insert(ApiTokenSecretEntity, secretOf(context.app.keyring, token, value));
    if (logo) await manager.insert(ApiTokenLogoEntity, { tokenId: token.id, png: logo.png });
    if (input.idempotencyKey) await rememberKey(context, manager, input, token);
    await writeEvent(manager, context, token.id, "CREATED");
    await writeAuditRecord(tx, context, {
      event: "api_token.created",
      summary: `API token ${token.name} added`,
      object: token,
      after: {
        name: token.name,
        description: token.description,
        status: token.status,
        moduleIds: input.moduleIds,
        expiresAt: token.expiresAt,
        ...(limits.ipRanges && { ipRanges: limits.ipRanges }),
        ...(limits.rateLimit && { rateLimit: limits.rateLimit }),
        icon: token.logoHash,
      },
    });
    return { token, value };
  });
}

interface Limits {
  /** Null if never. */
  expiresAt: Date | null;
  /** Null for anywhere. */
  ipRanges: string[] | null;
  rateLimit: RateLimitType | null;
}

/** What a calling token omits, the new token gets from it. */
function limitsOf(caller: AuthenticatedCaller, { expiresAt, ipRanges, rateLimit }: Input): Limits {
  const ofCaller = caller.kind === "token" ? caller : { expiresAt: null, ipRanges: [], rateLimit: null };
  const expiry = ofCaller.expiresAt === null ? null : new Date(ofCaller.expiresAt);
  const ranges = ipRanges ?? ofCaller.ipRanges;
  return {
    expiresAt: expiresAt === undefined ? expiry : expiresAt,
    ipRanges: ranges.length > 0 ? ranges : null,
    rateLimit: rateLimit === undefined ? ofCaller.rateLimit : rateLimit,
  };
}

function newToken({ app, caller }: CallContext, input: Input, limits: Limits, logo: Logo | null): ApiTokenEntity {
  const id = newIdentifier("token");
  const description = input.description ?? null;
  return Object.assign(new ApiTokenEntity(), {
    id,
    accountId: caller.account.id,
    name: input.name,
    nameKey: searchKey(input.name),
    description,
    searchText: searchTextOf({ id, name: input.name, description }),
    status: "ACTIVE" as const,
    deleted: 0,
    moduleCount: input.moduleIds.length,
    createdAt: app.now(),
    createdById: caller.id,
    createdByName: caller.name,
    createdByKey: caller.name === null ? null : searchKey(caller.name),
    expiresAt: limits.expiresAt,
    ipRanges: limits.ipRanges,
    ...rateLimitColumns(limits.rateLimit),
    version: 1,
    logoHash: logo?.hash ?? null,
  });
}

// An idempotency key is valid for the caller who sent it, in the account, for 24 hours.

const sha256 = (...parts: unknown[]) => createHash("sha256").update(JSON.stringify(parts)).digest("hex");

const keyIdOf = ({ caller }: CallContext, { idempotencyKey }: Input) =>
  sha256(caller.account.id, caller.id, idempotencyKey);

const inputDigestOf = ({ idempotencyKey: _, ...rest }: Input) => sha256(rest);

/**
 * The token that the same request created before, or null. Returning its value again is a reveal, and is audited as
 * one.
 */
async function findEarlier(
  context: CallContext,
  tx: Transaction,
  input: Input,
  { valuesShownOnce }: Policy,
): Promise<CreatedApiToken | null> {
  if (!input.idempotencyKey) return null;
  const { manager } = tx;
  const id = keyIdOf(context, input);
  const oldest = new Date(context.app.now().getTime() - idempotencyMs);
  await manager.delete(IdempotencyKeyEntity, { id, createdAt: LessThan(oldest) });
  const key = await manager.findOneBy(IdempotencyKeyEntity, { id });
  if (!key) return null;
  if (key.inputDigest !== inputDigestOf(input))
    throw userInputError("INVALID", "This idempotency key was used for another request.", "idempotencyKey");
  if (valuesShownOnce)
    throw userInputError(
      "INVALID",
      "This request has already created a token. The account's policy shows its value only once: rotate it to get a new one.",
      "idempotencyKey",
    );
  await countReveal(context);
  const token = await manager.findOneByOrFail(ApiTokenEntity, { id: key.tokenId });
  const value = await openSecret(manager, context.app.keyring, token);
  if (value === null) throw userInputError("NOT_FOUND", "The token this request created has been deleted.");
  if (await manager.existsBy(ApiTokenEventEntity, { tokenId: token.id, kind: "ROTATED" }))
    throw userInputError("INVALID", "The token this request created has since been rotated.", "idempotencyKey");
  // Checks what the token grants now: it may have been edited, and so may the caller.
  const moduleIds = await moduleIdsOf(manager, token.id);
  await checkEnabled(context, manager, moduleIds);
  checkReach(context.caller, { moduleIds, expiresAt: token.expiresAt, ipRanges: token.ipRanges });
  const { hold, record } = transitionOf(tx, context, token, "REVEAL");
  await hold();
  await record({
    summary: `Value of API token ${token.name} returned to a repeated request`,
    after: { purpose: "REPEATED_CREATION" },
  });
  return { token, value };
}

async function rememberKey(context: CallContext, manager: EntityManager, input: Input, token: ApiTokenEntity) {
  await manager.insert(IdempotencyKeyEntity, {
    id: keyIdOf(context, input),
    tokenId: token.id,
    inputDigest: inputDigestOf(input),
    createdAt: token.createdAt,
  });
}

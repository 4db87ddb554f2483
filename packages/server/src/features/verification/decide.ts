import { timingSafeEqual } from "node:crypto";
import type { ApiTokenStatus } from "@hallpass/shared";
import type { AppContext } from "../../app-context.js";
import type { CallerAccount } from "../../request-context.js";
import { AccountEntity, AccountModuleEntity } from "../accounts/account.entity.js";
import { ApiTokenEntity, ApiTokenModuleEntity } from "../api-tokens/api-token.entity.js";
import { ApiTokenSecretEntity } from "../api-tokens/api-token-secret.entity.js";
import { digestOf } from "../api-tokens/token-secret.js";
import type { Credential } from "./credential.js";

export interface VerifiedToken {
  id: string;
  name: string;
  account: CallerAccount;
  /** What the token has been given and the account still has. */
  moduleIds: string[];
}

/** The reason is for the log; a stranger is told only that the token is not good. */
export type Decision =
  | { good: true; token: VerifiedToken }
  | { good: false; reason: "malformed" | "unknown" | "wrong_value" | "disabled" | "deleted" | "expired" };

/** May whoever presents this pass? Reads the database and never writes it. Throws when it cannot be decided. */
export async function decide(app: AppContext, credential: Exclude<Credential, { kind: "none" }>): Promise<Decision> {
  const decision = credential.kind === "value" ? await decideValue(app, credential) : refuse("malformed");
  if (decision.good) app.lastAccess.record(decision.token.id, app.now());
  return decision;
}

async function decideValue(app: AppContext, credential: { tokenId: string; value: string }): Promise<Decision> {
  const stored = await readToken(app, credential.tokenId);
  if (!stored) return refuse("unknown");
  const { token, digest, account, moduleIds } = stored;
  if (token.status === "DELETED" || digest === null) return refuse("deleted");
  if (!timingSafeEqual(Buffer.from(digest, "hex"), Buffer.from(digestOf(credential.value), "hex")))
    return refuse("wrong_value");
  if (token.status !== "ACTIVE") return refuse("disabled");
  if (token.expiresAt && token.expiresAt <= app.now()) return refuse("expired");
  return { good: true, token: { id: token.id, name: token.name, account, moduleIds } };
}

const refuse = (reason: Extract<Decision, { good: false }>["reason"]): Decision => ({ good: false, reason });

interface StoredToken {
  token: { id: string; name: string; status: ApiTokenStatus; expiresAt: Date | null };
  digest: string | null;
  account: CallerAccount;
  moduleIds: string[];
}

/** All that a decision needs, in one statement: a row for each module. */
async function readToken(app: AppContext, id: string): Promise<StoredToken | null> {
  const { entities, raw } = await app.dataSource.manager
    .createQueryBuilder(ApiTokenEntity, "token")
    .innerJoin(AccountEntity, "account", "account.id = token.accountId")
    .leftJoin(ApiTokenSecretEntity, "secret", "secret.tokenId = token.id")
    .leftJoin(ApiTokenModuleEntity, "granted", "granted.tokenId = token.id")
    .leftJoin(
      AccountModuleEntity,
      "enabled",
      "enabled.accountId = token.accountId AND enabled.moduleId = granted.moduleId",
    )
    .select(["token.id", "token.name", "token.status", "token.expiresAt"])
    .addSelect("secret.digest", "digest")
    .addSelect("account.id", "accountId")
    .addSelect("account.name", "accountName")
    .addSelect("account.type", "accountType")
    .addSelect("enabled.moduleId", "moduleId")
    .where("token.id = :id", { id })
    .getRawAndEntities<TokenRow>();
  const [token] = entities;
  const [first] = raw;
  if (!token || !first) return null;
  return {
    token,
    digest: first.digest,
    account: { id: first.accountId, name: first.accountName, type: first.accountType },
    moduleIds: raw.flatMap(({ moduleId }) => moduleId ?? []),
  };
}

interface TokenRow {
  digest: string | null;
  accountId: string;
  accountName: string;
  accountType: CallerAccount["type"];
  moduleId: string | null;
}

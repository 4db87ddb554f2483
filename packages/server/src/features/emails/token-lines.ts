import { In } from "typeorm";
import type { AppContext } from "../../context/app-context.js";
import type { AccountSummary } from "../../core/caller-types.js";
import { groupBy } from "../../core/collections.js";
import { ApiTokenEntity } from "../api-tokens/api-token.entity.js";
import { TokenNoticeEntity } from "../notices/token-notice.entity.js";
import { graceDays, lastUses } from "../notices/unused-tokens.js";
import { policyOf } from "../policy/policy.js";

const dayMs = 86_400_000;
/** Until the account's next email, and some more. */
export const soonMs = 2 * dayMs;

/** What an email says about a token. */
export interface TokenLine {
  token: Pick<ApiTokenEntity, "id" | "name" | "createdById">;
  /** After the token's name, e.g. "expires on 5 December 2026". */
  text: string;
}

type LinesOf = (app: AppContext, account: AccountSummary, tokenIds: string[]) => Promise<TokenLine[]>;

export const leakLines: LinesOf = async ({ dataSource }, _account, ids) => {
  const tokens = await dataSource.manager.findBy(ApiTokenEntity, { id: In(ids) });
  return tokens.map((token) => ({ token, text: "was disabled because its value was reported as leaked" }));
};

/** Leaves out what is no longer so, as a notice may have waited for a day. */
export const noticeLines: LinesOf = async (app, account, ids) => {
  const { manager } = app.dataSource;
  const now = app.now();
  const { idleDays } = await policyOf(manager, account.id);
  const notices = await manager.findBy(TokenNoticeEntity, { tokenId: In(ids) });
  const ofToken = groupBy(notices, ({ tokenId }) => tokenId);
  const unusedIds =
    idleDays === null ? [] : notices.filter(({ kind }) => kind === "UNUSED").map((each) => each.tokenId);
  const uses = await lastUses(app, unusedIds);
  const tokens = await manager.findBy(ApiTokenEntity, { id: In(ids), status: "ACTIVE" });
  return tokens.flatMap((token) => {
    const own = ofToken.get(token.id) ?? [];
    const { expiresAt } = token;
    if (expiresAt && expiresAt <= now) return [];
    const isSoon = expiresAt && expiresAt.getTime() <= now.getTime() + soonMs;
    const isNoticed = own.some(
      ({ kind, about }) => kind.startsWith("EXPIRY") && about.getTime() === expiresAt?.getTime(),
    );
    const unused = own.find(({ kind }) => kind === "UNUSED");
    const isUnused = unused && unused.about.getTime() === uses.get(token.id)?.getTime();
    const facts = [
      ...(expiresAt && (isSoon || isNoticed) ? [`expires on ${dayOf(expiresAt)}`] : []),
      ...(isUnused
        ? [`is unused and will be disabled on ${dayOf(unused.at, graceDays)} unless it is used before`]
        : []),
    ];
    return facts.length > 0 ? [{ token, text: facts.join(", and ") }] : [];
  });
};

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** `5 December 2026`, in UTC, as the recipient's time zone is not known. */
const dayOf = (date: Date, daysLater = 0): string => day.format(new Date(date.getTime() + daysLater * dayMs));

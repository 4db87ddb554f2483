import { graphql } from "../../../gql/gql";
import type { EditableApiTokenQuery, UpdateApiTokenInput } from "../../../gql/graphql";
import { expiryFrom } from "../form/expiry";
import { rateLimitFrom, rateLimitOf } from "../form/rate-limit";
import { inputOf, type TokenDraft } from "../form/token-draft";

export const editableApiToken = graphql(/* GraphQL */ `
  query EditableApiToken($id: ID!) {
    apiToken(id: $id) {
      id
      name
      description
      iconUrl
      expiresAt
      ipRanges
      rateLimit {
        requests
        perSeconds
      }
      version
      availableActions
      modules {
        id
        name
        description
      }
      events {
        kind
        at
        by {
          id
          name
        }
      }
    }
  }
`);

export type EditableToken = NonNullable<EditableApiTokenQuery["apiToken"]>;

export function draftOf(token: EditableToken): TokenDraft {
  return {
    name: token.name,
    description: token.description ?? "",
    icon: undefined,
    expiry: expiryFrom(token.expiresAt),
    ipRanges: token.ipRanges.join("\n"),
    rateLimit: rateLimitFrom(token.rateLimit),
    moduleIds: token.modules.map(({ id }) => id),
  };
}

type Changes = Omit<UpdateApiTokenInput, "id" | "version">;

/** Only the changed fields. Empty if nothing changed. */
export function changesOf(draft: TokenDraft, token: EditableToken): Changes {
  const before = draftOf(token);
  const { name, description, icon, expiresAt, ipRanges, rateLimit, moduleIds } = inputOf(draft);
  const same = (a: readonly string[], b: readonly string[]) => [...a].sort().join() === [...b].sort().join();
  const removesNothing = icon === null && token.iconUrl === null;
  return {
    ...(name.trim() !== before.name && { name }),
    ...((description?.trim() ?? "") !== before.description.trim() && { description }),
    ...(icon !== undefined && !removesNothing && { icon }),
    ...(JSON.stringify(draft.expiry) !== JSON.stringify(before.expiry) && {
      expiresAt: expiresAt?.toISOString() ?? null,
    }),
    ...(!same(ipRanges, token.ipRanges) && { ipRanges }),
    ...(JSON.stringify(rateLimit) !== JSON.stringify(rateLimitOf(before.rateLimit)) && { rateLimit }),
    ...(!same(moduleIds, before.moduleIds) && { moduleIds }),
  };
}

const namesOfChanges = {
  name: "name",
  description: "description",
  icon: "logo",
  expiresAt: "expiry",
  ipRanges: "allowed IP addresses",
  rateLimit: "rate limit",
  moduleIds: "modules",
};

/** The names of fields someone else changed, e.g. "name" and "modules". */
export function differences(mine: EditableToken, theirs: EditableToken): string[] {
  const changed = Object.keys(changesOf(draftOf(theirs), mine));
  if (theirs.iconUrl !== mine.iconUrl) changed.push("icon");
  return changed.map((field) => namesOfChanges[field as keyof typeof namesOfChanges]);
}

/**
 * Applies the user’s changes to the latest version. Edited fields keep the input, all others are updated.
 */
export function rebase(draft: TokenDraft, mine: EditableToken, theirs: EditableToken): TokenDraft {
  const typed = changesOf(draft, mine);
  const fresh = draftOf(theirs);
  return {
    name: "name" in typed ? draft.name : fresh.name,
    description: "description" in typed ? draft.description : fresh.description,
    icon: draft.icon,
    expiry: "expiresAt" in typed ? draft.expiry : fresh.expiry,
    ipRanges: "ipRanges" in typed ? draft.ipRanges : fresh.ipRanges,
    rateLimit: "rateLimit" in typed ? draft.rateLimit : fresh.rateLimit,
    moduleIds: "moduleIds" in typed ? draft.moduleIds : fresh.moduleIds,
  };
}

import type { ApiTokenStatus } from "@hallpass/shared";
import { ArgsType, Field, ID, InputType, Int } from "type-graphql";
import { DateTime, enumOf } from "../../graphql/graphql-types.js";
import { type OrderDirection, OrderDirectionEnum } from "../../graphql/order-direction.js";
import { PageArgsType } from "../../graphql/page-args.js";
import { DateTimeRange } from "../../graphql/range.types.js";
import { ApiTokenStatusEnum } from "./api-token.types.js";

@InputType({ description: "Case-insensitive." })
export class StringFilter {
  @Field(() => String, { nullable: true, description: "Equals this text." }) equals?: string | null;
  @Field(() => String, { nullable: true, description: "Contains this text." }) contains?: string | null;
  @Field(() => String, { nullable: true, description: "Starts with this text." }) startsWith?: string | null;
}

@InputType({
  description:
    "All conditions in an object must match. Nest them with and, or and not: up to 3 levels and 20 conditions.",
})
export class ApiTokenFilter {
  @Field(() => [ApiTokenFilter], { nullable: true, description: "All of these match." }) and?: ApiTokenFilter[] | null;
  @Field(() => [ApiTokenFilter], { nullable: true, description: "At least one of these matches." })
  or?: ApiTokenFilter[] | null;
  @Field(() => ApiTokenFilter, { nullable: true, description: "This does not match." }) not?: ApiTokenFilter | null;
  @Field(() => String, {
    nullable: true,
    description:
      "Name, ID, description or creator's name contains this text, case-insensitive. A value is searched by its token's ID.",
  })
  search?: string | null;
  @Field(() => StringFilter, { nullable: true, description: "The name." }) name?: StringFilter | null;
  @Field(() => [ApiTokenStatusEnum], {
    nullable: true,
    description: "One of these. Only users in an OPERATIONS account can find DELETED tokens.",
  })
  status?: ApiTokenStatus[] | null;
  @Field(() => [ID], { nullable: true, description: "Has at least one of these modules." }) moduleIds?: string[] | null;
  @Field(() => [ID], { nullable: true, description: "Created by one of these." }) createdByIds?: string[] | null;
  @Field(() => DateTimeRange, { nullable: true, description: "When it was created." }) createdAt?: DateTimeRange | null;
  @Field(() => DateTimeRange, {
    nullable: true,
    description: "When a check last allowed it. Tokens never used match no range.",
  })
  lastAccessAt?: DateTimeRange | null;
  @Field(() => Boolean, { nullable: true, description: "Whether no check has ever allowed it." })
  neverUsed?: boolean | null;
  @Field(() => DateTimeRange, {
    nullable: true,
    description: "When it expires. Tokens that never expire match no range.",
  })
  expiresAt?: DateTimeRange | null;
  @Field(() => Boolean, { nullable: true, description: "Whether it never expires." }) noExpiry?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: "Whether it has no IP ranges, and can be used from anywhere." })
  noIpRanges?: boolean | null;
  @Field(() => DateTimeRange, {
    nullable: true,
    description: "When it was last disabled. Tokens never disabled match no range.",
  })
  disabledAt?: DateTimeRange | null;
}

export const apiTokenOrderFields = [
  "NAME",
  "ID",
  "STATUS",
  "CREATED_BY",
  "CREATED_AT",
  "LAST_ACCESS_AT",
  "EXPIRES_AT",
  "MODULE_COUNT",
] as const;
export type ApiTokenOrderField = (typeof apiTokenOrderFields)[number];
const ApiTokenOrderFieldEnum = enumOf("ApiTokenOrderField", apiTokenOrderFields, "A field to order tokens by.");

@InputType({ description: "A field and a direction to order by." })
export class ApiTokenOrder {
  @Field(() => ApiTokenOrderFieldEnum, { description: "Field to order by." }) field: ApiTokenOrderField;
  @Field(() => OrderDirectionEnum, { description: "Sort direction." }) direction: OrderDirection;
}

@ArgsType()
export class ApiTokensArgs extends PageArgsType {
  @Field(() => ApiTokenFilter, { nullable: true, description: "Tokens to return. All if left out." })
  filter?: ApiTokenFilter | null;
  @Field(() => [ApiTokenOrder], {
    nullable: true,
    description: "Fields to order by, most significant first. Newest first by default.",
  })
  orderBy?: ApiTokenOrder[] | null;
}

@InputType("RateLimitInput", { description: "Maximum number of requests in a period." })
export class RateLimitInput {
  @Field(() => Int, { description: "1 to 1,000,000." }) requests: number;
  @Field(() => Int, { description: "Period in seconds: 1 to 86,400." }) perSeconds: number;
}

@InputType({ description: "The token to create." })
export class CreateApiTokenInput {
  @Field({ description: "1 to 120 characters." }) name: string;
  @Field(() => String, { nullable: true, description: "Up to 2,000 characters." }) description?: string | null;
  @Field(() => [ID], { description: "1 or more, each enabled for the account." }) moduleIds: string[];
  @Field(() => String, { nullable: true, description: "PNG, JPEG or WebP as a data URL, up to 512 KiB." })
  icon?: string | null;
  @Field(() => DateTime, {
    nullable: true,
    description: "When the token expires. Null if never. If left out: never, or when the calling token expires.",
  })
  expiresAt?: Date | null;
  @Field(() => [String], {
    nullable: true,
    description:
      "CIDRs or IP addresses it can be used from, up to 100. Anywhere if empty. If left out: anywhere, or those of the calling token.",
  })
  ipRanges?: string[] | null;
  @Field(() => RateLimitInput, {
    nullable: true,
    description: "No limit if null. If left out: none, or that of the calling token.",
  })
  rateLimit?: RateLimitInput | null;
  @Field(() => String, {
    nullable: true,
    description: "Repeat a request safely: the same key within 24 hours creates one token.",
  })
  idempotencyKey?: string | null;
}

/** What limits the use of a token, in updates of one or several. */
@InputType()
abstract class TokenLimitsInput {
  @Field(() => DateTime, { nullable: true, description: "When the token expires." }) expiresAt?: Date | null;
  @Field(() => [String], {
    nullable: true,
    description: "CIDRs or IP addresses it can be used from, up to 100. Anywhere if empty.",
  })
  ipRanges?: string[] | null;
  @Field(() => RateLimitInput, { nullable: true, description: "No limit if null." })
  rateLimit?: RateLimitInput | null;
}

@InputType({ description: "Fields left out stay unchanged. Null clears a field." })
export class UpdateApiTokenInput extends TokenLimitsInput {
  @Field(() => ID, { description: "ID of the token." }) id: string;
  @Field(() => Int, {
    nullable: true,
    description: "The version that was read. A stale version fails with VERSION_CONFLICT.",
  })
  version?: number | null;
  @Field(() => String, { nullable: true, description: "1 to 120 characters." }) name?: string | null;
  @Field(() => String, { nullable: true, description: "Up to 2,000 characters." }) description?: string | null;
  @Field(() => [ID], { nullable: true, description: "1 or more, each enabled for the account." })
  moduleIds?: string[] | null;
  @Field(() => String, { nullable: true, description: "PNG, JPEG or WebP as a data URL, up to 512 KiB." })
  icon?: string | null;
}

@InputType({ description: "The tokens to change." })
export class BulkApiTokensInput {
  @Field(() => [ID], { description: "1 to 1,000 IDs." }) ids: string[];
}

@InputType({ description: "Fields left out stay unchanged. Null clears a field." })
export class BulkUpdateApiTokensInput extends TokenLimitsInput {
  @Field(() => [ID], { description: "1 to 1,000 IDs." }) ids: string[];
}

@InputType({ description: "The token to enable." })
export class EnableApiTokenInput {
  @Field(() => ID, { description: "ID of a disabled token." }) id: string;
}

@InputType({ description: "The token to disable." })
export class DisableApiTokenInput {
  @Field(() => ID, { description: "ID of an active token." }) id: string;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Also disable every active token it created, directly or through other tokens. Up to 1,000.",
  })
  includeDescendants?: boolean | null;
}

@InputType({ description: "The token to delete." })
export class DeleteApiTokenInput {
  @Field(() => ID, { description: "ID of an active or disabled token." }) id: string;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Also disable every active token it created, directly or through other tokens. Up to 1,000.",
  })
  includeDescendants?: boolean | null;
}

@InputType({ description: "The token to rotate, and how long its previous value stays valid." })
export class RotateApiTokenInput {
  @Field(() => ID, { description: "ID of an active or disabled token." }) id: string;
  @Field(() => Int, {
    nullable: true,
    defaultValue: 86_400,
    description: "How long the previous value stays valid: 0 to 604800. 0 revokes it now.",
  })
  overlapSeconds?: number | null;
  @Field(() => Int, {
    nullable: true,
    description:
      "The version that was read. A stale version fails with VERSION_CONFLICT, so a repeated request has no effect.",
  })
  version?: number | null;
}

@InputType({ description: "The rotation to end." })
export class EndApiTokenRotationInput {
  @Field(() => ID, { description: "ID of a token whose previous value is still valid." }) id: string;
}

export const revealPurposes = ["SHOW", "COPY"] as const;
export type RevealPurpose = (typeof revealPurposes)[number];
const RevealPurposeEnum = enumOf("RevealPurpose", revealPurposes, "The purpose of a reveal. Audited.", {
  SHOW: "To show it on screen.",
  COPY: "To copy it without showing it.",
});

@InputType({ description: "The token whose value to reveal." })
export class RevealApiTokenInput {
  @Field(() => ID, { description: "ID of an active or disabled token." }) id: string;
  @Field(() => RevealPurposeEnum, { description: "Purpose of the reveal." }) purpose: RevealPurpose;
}

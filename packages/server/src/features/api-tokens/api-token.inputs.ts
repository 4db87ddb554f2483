import type { ApiTokenStatus } from "@hallpass/shared";
import { ArgsType, Field, ID, InputType, Int } from "type-graphql";
import { DateTime, enumOf } from "../../graphql-types.js";
import { PageArgsType } from "../../page-args.js";
import { DateTimeRange } from "../../range.types.js";
import { ApiTokenStatusEnum } from "./api-token.types.js";

@InputType({ description: "Compared in any case." })
export class StringFilter {
  @Field(() => String, { nullable: true, description: "Is this." }) equals?: string | null;
  @Field(() => String, { nullable: true, description: "Has this in it." }) contains?: string | null;
  @Field(() => String, { nullable: true, description: "Begins with this." }) startsWith?: string | null;
}

@InputType({
  description: "All conditions of one object hold together; and/or/not nest them, 3 deep and 20 conditions at most.",
})
export class ApiTokenFilter {
  @Field(() => [ApiTokenFilter], { nullable: true, description: "All of these hold." }) and?: ApiTokenFilter[] | null;
  @Field(() => [ApiTokenFilter], { nullable: true, description: "One of these holds, or more." })
  or?: ApiTokenFilter[] | null;
  @Field(() => ApiTokenFilter, { nullable: true, description: "This does not hold." }) not?: ApiTokenFilter | null;
  @Field(() => String, { nullable: true, description: "Name, identifier or description contains this, in any case." })
  search?: string | null;
  @Field(() => StringFilter, { nullable: true, description: "The name." }) name?: StringFilter | null;
  @Field(() => [ApiTokenStatusEnum], {
    nullable: true,
    description: "Is one of these. DELETED finds tokens for people of an OPERATIONS account alone.",
  })
  status?: ApiTokenStatus[] | null;
  @Field(() => [ID], { nullable: true, description: "Has at least one of these modules." }) moduleIds?: string[] | null;
  @Field(() => [ID], { nullable: true, description: "Added by one of these." }) createdByIds?: string[] | null;
  @Field(() => DateTimeRange, { nullable: true, description: "When it was added." }) createdAt?: DateTimeRange | null;
  @Field(() => DateTimeRange, {
    nullable: true,
    description: "When it last passed a check; never used is in no range.",
  })
  lastAccessAt?: DateTimeRange | null;
  @Field(() => Boolean, { nullable: true, description: "Has never passed a check; false: has." })
  neverUsed?: boolean | null;
  @Field(() => DateTimeRange, { nullable: true, description: "When it expires; without an expiry it is in no range." })
  expiresAt?: DateTimeRange | null;
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
const ApiTokenOrderFieldEnum = enumOf("ApiTokenOrderField", apiTokenOrderFields, "What tokens can be ordered by.");

export const orderDirections = ["ASC", "DESC"] as const;
export type OrderDirection = (typeof orderDirections)[number];
const OrderDirectionEnum = enumOf("OrderDirection", orderDirections, "Which end comes first.", {
  ASC: "The smallest, earliest or never first.",
  DESC: "The largest or latest first.",
});

@InputType({ description: "One level of an order." })
export class ApiTokenOrder {
  @Field(() => ApiTokenOrderFieldEnum, { description: "What to order by." }) field: ApiTokenOrderField;
  @Field(() => OrderDirectionEnum, { description: "Which end comes first." }) direction: OrderDirection;
}

@ArgsType()
export class ApiTokensArgs extends PageArgsType {
  @Field(() => ApiTokenFilter, { nullable: true, description: "Which tokens; all when it is left out." })
  filter?: ApiTokenFilter | null;
  @Field(() => [ApiTokenOrder], {
    nullable: true,
    description: "The first level counts most; newest first by default.",
  })
  orderBy?: ApiTokenOrder[] | null;
}

@InputType({ description: "What a new token is to be." })
export class CreateApiTokenInput {
  @Field({ description: "1 to 120 characters." }) name: string;
  @Field(() => String, { nullable: true, description: "2,000 characters at most." }) description?: string | null;
  @Field(() => [ID], { description: "1 or more, each enabled for the account." }) moduleIds: string[];
  @Field(() => String, { nullable: true, description: "PNG, JPEG or WebP as a data URL, 512 KiB at most." })
  icon?: string | null;
  @Field(() => DateTime, {
    nullable: true,
    description: "When the token expires. Null if never. If left out: never, or when the calling token expires.",
  })
  expiresAt?: Date | null;
  @Field(() => String, {
    nullable: true,
    description: "Repeat a request safely: the same key within 24 hours creates one token.",
  })
  idempotencyKey?: string | null;
}

@InputType({ description: "What is left out stays as it is; null clears it." })
export class UpdateApiTokenInput {
  @Field(() => ID, { description: "Which token." }) id: string;
  @Field(() => Int, {
    nullable: true,
    description: "The version that was read; a stale one is refused with VERSION_CONFLICT.",
  })
  version?: number | null;
  @Field(() => String, { nullable: true, description: "1 to 120 characters." }) name?: string | null;
  @Field(() => String, { nullable: true, description: "2,000 characters at most." }) description?: string | null;
  @Field(() => [ID], { nullable: true, description: "1 or more, each enabled for the account." })
  moduleIds?: string[] | null;
  @Field(() => String, { nullable: true, description: "PNG, JPEG or WebP as a data URL, 512 KiB at most." })
  icon?: string | null;
  @Field(() => DateTime, { nullable: true, description: "After this the token is refused." }) expiresAt?: Date | null;
}

@InputType({ description: "Which token to enable." })
export class EnableApiTokenInput {
  @Field(() => ID, { description: "A disabled token." }) id: string;
}

@InputType({ description: "Which token to disable." })
export class DisableApiTokenInput {
  @Field(() => ID, { description: "An active token." }) id: string;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Also disable every active token it created, directly or through other tokens. Up to 1,000.",
  })
  includeDescendants?: boolean | null;
}

@InputType({ description: "Which token to delete." })
export class DeleteApiTokenInput {
  @Field(() => ID, { description: "An active or a disabled token." }) id: string;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Also disable every active token it created, directly or through other tokens. Up to 1,000.",
  })
  includeDescendants?: boolean | null;
}

@InputType({ description: "Which token gets a new value, and for how long the previous one goes on working." })
export class RotateApiTokenInput {
  @Field(() => ID, { description: "An active or a disabled token." }) id: string;
  @Field(() => Int, {
    nullable: true,
    defaultValue: 86_400,
    description: "0 to 604800: how long the previous value goes on working. 0 ends it now.",
  })
  overlapSeconds?: number | null;
  @Field(() => Int, {
    nullable: true,
    description:
      "The version that was read; a stale one is refused with VERSION_CONFLICT, so that no request counts twice.",
  })
  version?: number | null;
}

@InputType({ description: "Which rotation to end." })
export class EndApiTokenRotationInput {
  @Field(() => ID, { description: "A token whose previous value still works." }) id: string;
}

export const revealPurposes = ["SHOW", "COPY"] as const;
export type RevealPurpose = (typeof revealPurposes)[number];
const RevealPurposeEnum = enumOf("RevealPurpose", revealPurposes, "What the value is revealed for; audited.", {
  SHOW: "To be seen on the screen.",
  COPY: "To be copied without being seen.",
});

@InputType({ description: "Which value to reveal." })
export class RevealApiTokenInput {
  @Field(() => ID, { description: "An active or a disabled token." }) id: string;
  @Field(() => RevealPurposeEnum, { description: "What for." }) purpose: RevealPurpose;
}

import {
  type ApiTokenEventKind,
  type ApiTokenStatus,
  apiTokenActions,
  apiTokenEventKinds,
  apiTokenStatuses,
  maskTokenValue,
} from "@hallpass/shared";
import { Field, ID, Int, ObjectType } from "type-graphql";
import type { Page } from "../../db/page.js";
import { Cost, rowsOfThePage } from "../../graphql/cost.js";
import {
  ActorType,
  Allow,
  DateTime,
  enumOf,
  NodeType,
  PageInfoType,
  PayloadType,
  UserErrorType,
} from "../../graphql/graphql-types.js";
import type { ApiTokenEntity } from "./api-token.entity.js";

export const ApiTokenStatusEnum = enumOf("ApiTokenStatus", apiTokenStatuses, "Status of a token.", {
  ACTIVE: "Requests with it are allowed.",
  DISABLED: "Requests with it are denied. It can be enabled again.",
  DELETED: "Permanently deleted. Its value is destroyed.",
});

export const ApiTokenActionEnum = enumOf("ApiTokenAction", apiTokenActions, "An action on a token.");

export const ApiTokenEventKindEnum = enumOf(
  "ApiTokenEventKind",
  apiTokenEventKinds,
  "A kind of event in a token's life.",
);

@ObjectType("RateLimit", {
  description: "Maximum number of requests in a period, all of which may come at once (a token bucket).",
})
export class RateLimitType {
  @Field(() => Int, { description: "Number of requests." }) requests: number;
  @Field(() => Int, { description: "Period in seconds." }) perSeconds: number;
}

@Allow("apiToken:read")
@ObjectType("ApiToken", {
  implements: [NodeType, ActorType],
  description: "A credential that programs present. Its value is not a field: reveal it with a mutation.",
})
export class ApiTokenType extends ActorType {
  /** Not fields. Fields of the resolver are derived from them. */
  accountId: string;
  createdById: string | null;
  createdByName: string | null;

  @Field(() => String, { nullable: true, description: "What the token is for." }) description: string | null;
  @Field(() => String, { nullable: true, description: "Path of the logo. Null if there is none." })
  iconUrl: string | null;
  @Field(() => ApiTokenStatusEnum, { description: "Status of the token." }) status: ApiTokenStatus;
  @Field(() => Int, { description: "Number of modules granted to the token." }) moduleCount: number;
  @Field(() => String, { description: "The value with its secret part masked, e.g. hp_12345678_••••••••." })
  get maskedValue(): string {
    return maskTokenValue(this.id);
  }

  @Field(() => DateTime, { description: "When it was created." }) createdAt: Date;
  @Field(() => DateTime, { nullable: true, description: "When the token expires. Null if never." })
  expiresAt: Date | null;
  @Field(() => [String], { description: "CIDRs the token can be used from. Empty for anywhere." }) ipRanges: string[];
  @Field(() => RateLimitType, { nullable: true, description: "Null if there is no limit." })
  rateLimit: RateLimitType | null;
  @Field(() => Int, { description: "Increases by one with each change. Send it back with an update." }) version: number;
}

/** Property by property: Object.assign takes ten times as long. */
export function toApiToken(token: ApiTokenEntity): ApiTokenType {
  const type = new ApiTokenType();
  type.id = token.id;
  type.name = token.name;
  type.accountId = token.accountId;
  type.createdById = token.createdById;
  type.createdByName = token.createdByName;
  type.description = token.description;
  type.iconUrl = token.logoHash && `/icons/${token.id}?v=${token.logoHash}`;
  type.status = token.status;
  type.moduleCount = token.moduleCount;
  type.createdAt = token.createdAt;
  type.expiresAt = token.expiresAt;
  type.ipRanges = token.ipRanges ?? [];
  type.rateLimit = rateLimitOf(token);
  type.version = token.version;
  return type;
}

export const rateLimitOf = ({ rateLimitRequests, rateLimitSeconds }: ApiTokenEntity): RateLimitType | null =>
  rateLimitRequests === null || rateLimitSeconds === null
    ? null
    : { requests: rateLimitRequests, perSeconds: rateLimitSeconds };

export const rateLimitColumns = (limit: RateLimitType | null) => ({
  rateLimitRequests: limit?.requests ?? null,
  rateLimitSeconds: limit?.perSeconds ?? null,
});

@ObjectType("ApiTokenEvent", { description: "The latest event of its kind." })
export class ApiTokenEventType {
  /** Not fields. `by` is resolved from them. */
  byId: string | null;
  byName: string | null;

  @Field(() => ApiTokenEventKindEnum, { description: "Kind of event." }) kind: ApiTokenEventKind;
  @Field(() => DateTime, { description: "When it happened." }) at: Date;
}

@ObjectType("ApiTokenEdge", { description: "A token and its place in the list (Relay)." })
export class ApiTokenEdgeType {
  @Field(() => ApiTokenType, { description: "The token." }) node: ApiTokenType;
  @Field({ description: "For `after` and `before`." }) cursor: string;
}

@ObjectType("ApiTokenConnection", { description: "A page of tokens (Relay)." })
export class ApiTokenConnectionType {
  /** Not a field. Counts when it is called. */
  count: Page<unknown>["count"];

  @Cost(rowsOfThePage)
  @Field(() => [ApiTokenEdgeType], { description: "The rows with their cursors." })
  edges: ApiTokenEdgeType[];
  @Cost(rowsOfThePage)
  @Field(() => [ApiTokenType], { description: "The rows." })
  nodes: ApiTokenType[];
  @Field(() => PageInfoType, { description: "Position of the page." }) pageInfo: PageInfoType;
}

@ObjectType()
abstract class ApiTokenPayload extends PayloadType {
  @Field(() => ApiTokenType, { nullable: true, description: "The token after the change." })
  apiToken?: ApiTokenType | null;
}

@ObjectType({ description: "The new token with its value." })
export class CreateApiTokenPayload extends ApiTokenPayload {
  @Field(() => String, { nullable: true, description: "The credential to present. Keep it secret." })
  value?: string | null;
}

@ObjectType({ description: "The updated token." })
export class UpdateApiTokenPayload extends ApiTokenPayload {}

@ObjectType({ description: "The enabled token." })
export class EnableApiTokenPayload extends ApiTokenPayload {}

@ObjectType({ description: "The disabled token." })
export class DisableApiTokenPayload extends ApiTokenPayload {
  @Field(() => [ApiTokenType], { nullable: true, description: "Tokens it had created that were disabled with it." })
  disabledDescendants?: ApiTokenType[] | null;
}

@ObjectType({ description: "The token is deleted and its value destroyed." })
export class DeleteApiTokenPayload extends PayloadType {
  @Field(() => ID, { nullable: true, description: "ID of the deleted token." }) deletedId?: string | null;
  @Field(() => [ApiTokenType], { nullable: true, description: "Tokens it had created that were disabled with it." })
  disabledDescendants?: ApiTokenType[] | null;
}

@ObjectType({ description: "Result for one of the tokens." })
export class BulkApiTokenResult {
  @Field(() => ID, { description: "ID as it was sent." }) id: string;
  @Field(() => ApiTokenType, {
    nullable: true,
    description: "The token after the change. Null if it was not changed, or was deleted.",
  })
  apiToken: ApiTokenType | null;
  @Cost({ own: 1, rows: 0 })
  @Field(() => [UserErrorType], { description: "Why this token was not changed. Empty on success." })
  userErrors: UserErrorType[];
}

@ObjectType({ description: "A result for each token. The tokens without errors are changed together, or none is." })
export class BulkApiTokensPayload extends PayloadType {
  @Cost(rowsOfThePage)
  @Field(() => [BulkApiTokenResult], { description: "In the order of the IDs. Empty if there are userErrors." })
  results: BulkApiTokenResult[];
}

@ObjectType({ description: "The token with its new value." })
export class RotateApiTokenPayload extends ApiTokenPayload {
  @Field(() => String, { nullable: true, description: "The credential to present from now on. Keep it secret." })
  value?: string | null;
}

@ObjectType({ description: "The token, whose previous value is no longer valid." })
export class EndApiTokenRotationPayload extends ApiTokenPayload {}

@ObjectType({ description: "The value, to show or to copy." })
export class RevealApiTokenPayload extends PayloadType {
  @Field(() => String, { nullable: true, description: "The credential to present. Keep it secret." })
  value?: string | null;
}

import { Field, InputType, Int, ObjectType } from "type-graphql";
import { PayloadType } from "../../graphql/graphql-types.js";

const maxLifetime =
  "Maximum lifetime, in days, counted from when a token is created or its expiry is edited to the end of the last day. If set, an expiry is required. Null for no maximum.";
const idle =
  "After how many days without use a token is disabled, a week after an `api_token.unused` event. Null for never.";
const expiry = "Whether tokens must have an expiry.";
const ranges = "Whether tokens must have IP ranges, of /8 or longer, or /16 for IPv6.";
const once = "Whether a value is returned only when it is created. While this is on, no value can be revealed.";
const recent =
  "Whether people must have signed in within the last 15 minutes to add, reveal, rotate or delete tokens, or to change the policy.";

@ObjectType("AccountPolicy", {
  description: "What an account requires when its tokens are created, edited or revealed. Existing tokens stay valid.",
})
export class AccountPolicyType {
  @Field(() => Int, { nullable: true, description: maxLifetime }) maxLifetimeDays: number | null;
  @Field(() => Int, { nullable: true, description: idle }) idleDays: number | null;
  @Field({ description: expiry }) expiryRequired: boolean;
  @Field({ description: ranges }) ipRangesRequired: boolean;
  @Field({ description: once }) valuesShownOnce: boolean;
  @Field({ description: recent }) recentSignInRequired: boolean;
}

@InputType({ description: "The fields to change. Those left out stay unchanged." })
export class UpdateAccountPolicyInput {
  @Field(() => Int, { nullable: true, description: maxLifetime }) maxLifetimeDays?: number | null;
  @Field(() => Int, { nullable: true, description: idle }) idleDays?: number | null;
  @Field(() => Boolean, { nullable: true, description: expiry }) expiryRequired?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: ranges }) ipRangesRequired?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: once }) valuesShownOnce?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: recent }) recentSignInRequired?: boolean | null;
}

@ObjectType({ description: "The policy as it is now." })
export class UpdateAccountPolicyPayload extends PayloadType {
  @Field(() => AccountPolicyType, { nullable: true, description: "The changed policy." })
  policy?: AccountPolicyType | null;
}

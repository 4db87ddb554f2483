import { type Role, roles } from "@hallpass/shared";
import { Field, ID, InputType, ObjectType } from "type-graphql";
import type { PersonCaller, TokenCaller } from "../../core/caller-types.js";
import { enumOf, PayloadType } from "../../graphql/graphql-types.js";

export const RoleEnum = enumOf("Role", roles, "A user's role in an account.", {
  ADMIN: "Can do everything.",
  AUDITOR: "Can read tokens and the audit trail, but not change or reveal anything.",
});

@ObjectType("Viewer", { description: "The caller." })
export class ViewerType {
  /** Not a field. The fields are resolved from it. */
  caller: PersonCaller | TokenCaller;

  @Field(() => RoleEnum, { nullable: true, description: "ADMIN or AUDITOR for a user. Null for a token." })
  role: Role | null;
}

export function toViewer(caller: PersonCaller | TokenCaller): ViewerType {
  return Object.assign(new ViewerType(), { caller, role: caller.kind === "person" ? caller.role : null });
}

@InputType({ description: "The credentials to sign in with." })
export class SignInInput {
  @Field({ description: "Case-insensitive." }) email: string;
  @Field({ description: "Up to 1,024 characters." }) password: string;
}

@ObjectType({ description: "The session is sent as a cookie." })
export class SignInPayload extends PayloadType {
  @Field(() => ViewerType, { nullable: true, description: "The signed-in user." }) viewer?: ViewerType | null;
}

@ObjectType({ description: "The session has ended in every tab." })
export class SignOutPayload extends PayloadType {}

@InputType({ description: "The account to switch to." })
export class SwitchAccountInput {
  @Field(() => ID, { description: "One of `viewer.accounts`." }) accountId: string;
}

@ObjectType({
  description: "The session now belongs to the other account. Requests without `Hallpass-Account` apply to it.",
})
export class SwitchAccountPayload extends PayloadType {
  @Field(() => ViewerType, { nullable: true, description: "The signed-in user, in the other account." })
  viewer?: ViewerType | null;
}

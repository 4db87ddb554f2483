import { type Role, roles } from "@hallpass/shared";
import { Field, ID, InputType, ObjectType } from "type-graphql";
import { enumOf, PayloadType } from "../../graphql-types.js";
import type { PersonCaller, TokenCaller } from "../../request-context.js";

export const RoleEnum = enumOf("Role", roles, "What a person may do in an account.", {
  ADMIN: "Everything.",
  AUDITOR: "Read tokens and the audit trail; change and reveal nothing.",
});

@ObjectType("Viewer", { description: "Who is calling." })
export class ViewerType {
  /** Not a field: what the fields are resolved from. */
  caller: PersonCaller | TokenCaller;

  @Field(() => RoleEnum, { nullable: true, description: "ADMIN or AUDITOR for a person; null for a token." })
  role: Role | null;
}

export function toViewer(caller: PersonCaller | TokenCaller): ViewerType {
  return Object.assign(new ViewerType(), { caller, role: caller.kind === "person" ? caller.role : null });
}

@InputType({ description: "Who signs in." })
export class SignInInput {
  @Field({ description: "In any case." }) email: string;
  @Field({ description: "1,024 characters at most." }) password: string;
}

@ObjectType({ description: "The session came as a cookie." })
export class SignInPayload extends PayloadType {
  @Field(() => ViewerType, { nullable: true, description: "Who is signed in now." }) viewer?: ViewerType | null;
}

@ObjectType({ description: "The session has ended, for every tab." })
export class SignOutPayload extends PayloadType {}

@InputType({ description: "Where the person goes on working." })
export class SwitchAccountInput {
  @Field(() => ID, { description: "One of `viewer.accounts`." }) accountId: string;
}

@ObjectType({
  description: "The other account is the session's own now: requests that name none in `Hallpass-Account` are for it.",
})
export class SwitchAccountPayload extends PayloadType {
  @Field(() => ViewerType, { nullable: true, description: "Who is signed in, in the other account." })
  viewer?: ViewerType | null;
}

import { Field, ObjectType } from "type-graphql";
import { ActorType, Allow, NodeType } from "../../graphql/graphql-types.js";
import type { UserEntity } from "./user.entity.js";

@Allow("apiToken:read")
@ObjectType("User", { implements: [NodeType, ActorType], description: "A person who can sign in." })
export class UserType extends ActorType {
  @Field({ description: "Email address in lower case." }) email: string;
}

export function toUser({ id, name, email }: UserEntity): UserType {
  return Object.assign(new UserType(), { id, name, email });
}

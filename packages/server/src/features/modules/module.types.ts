import { Field, ObjectType } from "type-graphql";
import { NodeType } from "../../graphql-types.js";
import type { ModuleEntity } from "./module.entity.js";

@ObjectType("Module", {
  implements: NodeType,
  description: "A part of the platform that a token may be given access to.",
})
export class ModuleType extends NodeType {
  @Field({ description: "What people read." }) name: string;
  @Field(() => String, { nullable: true, description: "What access to it means." }) description: string | null;
}

export function toModule({ id, name, description }: ModuleEntity): ModuleType {
  return Object.assign(new ModuleType(), { id, name, description });
}

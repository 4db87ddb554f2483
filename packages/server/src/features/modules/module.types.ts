import { Field, ObjectType } from "type-graphql";
import { NodeType } from "../../graphql/graphql-types.js";
import type { ModuleEntity } from "./module.entity.js";

@ObjectType("Module", {
  implements: NodeType,
  description: "A part of the platform that tokens can be granted access to.",
})
export class ModuleType extends NodeType {
  @Field({ description: "Display name." }) name: string;
  @Field(() => String, { nullable: true, description: "What access to the module allows." }) description: string | null;
}

export function toModule({ id, name, description }: ModuleEntity): ModuleType {
  return Object.assign(new ModuleType(), { id, name, description });
}

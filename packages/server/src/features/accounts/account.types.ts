import { type AccountType as AccountKind, accountTypes } from "@hallpass/shared";
import { Field, ObjectType } from "type-graphql";
import { enumOf, NodeType } from "../../graphql-types.js";

export const AccountTypeEnum = enumOf("AccountType", accountTypes, "What the account is to the platform.", {
  CLIENT: "It buys.",
  VENDOR: "It sells.",
  OPERATIONS: "It runs the platform; its people can list deleted tokens.",
});

@ObjectType("Account", {
  implements: NodeType,
  description: "Who tokens belong to; nothing crosses from one to another.",
})
export class AccountType extends NodeType {
  @Field({ description: "What people read." }) name: string;
  @Field(() => AccountTypeEnum, { description: "What the account is to the platform." }) type: AccountKind;
}

export function toAccount({ id, name, type }: { id: string; name: string; type: AccountKind }): AccountType {
  return Object.assign(new AccountType(), { id, name, type });
}

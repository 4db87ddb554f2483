import { type AccountType as AccountKind, accountTypes } from "@hallpass/shared";
import { Field, ObjectType } from "type-graphql";
import { enumOf, NodeType } from "../../graphql/graphql-types.js";

export const AccountTypeEnum = enumOf("AccountType", accountTypes, "Type of the account.", {
  CLIENT: "Buys on the platform.",
  VENDOR: "Sells on the platform.",
  OPERATIONS: "Runs the platform. Its users can list deleted tokens.",
});

@ObjectType("Account", {
  implements: NodeType,
  description: "An organisation that owns tokens. Accounts share no data.",
})
export class AccountType extends NodeType {
  @Field({ description: "Display name." }) name: string;
  @Field(() => AccountTypeEnum, { description: "Type of the account." }) type: AccountKind;
}

export function toAccount({ id, name, type }: { id: string; name: string; type: AccountKind }): AccountType {
  return Object.assign(new AccountType(), { id, name, type });
}

import { Arg, Ctx, Mutation, Query, Resolver } from "type-graphql";
import { callContext, personContext, type RequestContext } from "../../context/request-context.js";
import { Allow, payload } from "../../graphql/graphql-types.js";
import { policyOf } from "./policy.js";
import { AccountPolicyType, UpdateAccountPolicyInput, UpdateAccountPolicyPayload } from "./policy.types.js";
import { updateAccountPolicy } from "./update-policy.js";

@Resolver()
export class PolicyResolver {
  @Allow("apiToken:read")
  @Query(() => AccountPolicyType, { description: "The policy of the caller's account." })
  accountPolicy(@Ctx() context: RequestContext): Promise<AccountPolicyType> {
    return policyOf(context.app.dataSource.manager, callContext(context).caller.account.id);
  }

  @Allow("policy:write")
  @Mutation(() => UpdateAccountPolicyPayload, {
    description: "Changes the policy of the caller's account. Tokens that break it stay as they are.",
  })
  updateAccountPolicy(
    @Arg("input", { description: "The changes." }) input: UpdateAccountPolicyInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateAccountPolicyPayload> {
    return payload(updateAccountPolicy(personContext(context), input).then((policy) => ({ policy })));
  }
}

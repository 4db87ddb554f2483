import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from "type-graphql";
import { callContext, type RequestContext } from "../../context/request-context.js";
import { RequestError, UserInputError } from "../../core/errors.js";
import { pageSizeOf } from "../../db/page.js";
import { Cost } from "../../graphql/cost.js";
import { Allow, connection, payload } from "../../graphql/graphql-types.js";
import { isOnlyCounted } from "../../graphql/page-args.js";
import type { ApiTokenEntity } from "./api-token.entity.js";
import {
  ApiTokensArgs,
  BulkApiTokensInput,
  BulkUpdateApiTokensInput,
  CreateApiTokenInput,
  DeleteApiTokenInput,
  DisableApiTokenInput,
  EnableApiTokenInput,
  EndApiTokenRotationInput,
  RevealApiTokenInput,
  RotateApiTokenInput,
  UpdateApiTokenInput,
} from "./api-token.inputs.js";
import {
  ApiTokenConnectionType,
  ApiTokenType,
  type BulkApiTokenResult,
  BulkApiTokensPayload,
  CreateApiTokenPayload,
  DeleteApiTokenPayload,
  DisableApiTokenPayload,
  EnableApiTokenPayload,
  EndApiTokenRotationPayload,
  RevealApiTokenPayload,
  RotateApiTokenPayload,
  toApiToken,
  UpdateApiTokenPayload,
} from "./api-token.types.js";
import { changeStatuses, updateApiTokens } from "./changes/bulk-changes.js";
import type { BulkResult } from "./changes/change-many.js";
import { deleteApiToken, disableApiToken, enableApiToken, type Revoked } from "./changes/change-status.js";
import { createApiToken } from "./changes/create-api-token.js";
import { revealApiToken } from "./changes/reveal-api-token.js";
import { endApiTokenRotation, rotateApiToken } from "./changes/rotate-api-token.js";
import { updateApiToken } from "./changes/update-api-token.js";
import { costOfList, findApiToken, listApiTokens } from "./list-api-tokens.js";

/** Cost of a mutation that may decode a logo. */
const logoCost = 12_000;
/** Cost of a mutation that may disable up to 1,000 descendants. */
const costOfRevocation = ({ input }: { input: { includeDescendants?: boolean | null } }) =>
  input.includeDescendants ? 20_000 : 1_200;
/** Cost of a mutation of several tokens. Less than its CPU, as 1,000 must fit, but other work runs in between. */
const costOfMany = {
  own: ({ input }: { input: BulkApiTokensInput }) => 1_200 + 2 * input.ids.length,
  rows: ({ input }: { input: BulkApiTokensInput }) => input.ids.length,
};
const defaultOverlapSeconds = 86_400;

const asDescendants = ({ disabledDescendants }: Pick<Revoked, "disabledDescendants">) => ({
  disabledDescendants: disabledDescendants.map(toApiToken),
});

const asApiToken = (token: ApiTokenEntity) => ({ apiToken: toApiToken(token) });

const bulkPayload = (changing: Promise<BulkResult[]>): Promise<BulkApiTokensPayload> =>
  payload(changing.then((results) => ({ results: results.map(toBulkResult) }))).then((given) => ({
    results: [],
    ...given,
  }));

function toBulkResult({ id, token, error }: BulkResult): BulkApiTokenResult {
  const userErrors = error instanceof UserInputError ? error.userErrors : [];
  // A calling token may do it to others.
  if (error instanceof RequestError)
    userErrors.push({ code: "ILLEGAL_TRANSITION", field: ["ids"], message: error.message });
  return { id, apiToken: token && token.status !== "DELETED" ? toApiToken(token) : null, userErrors };
}

@Resolver(() => ApiTokenType)
export class ApiTokensResolver {
  @Allow("apiToken:read")
  @Query(() => ApiTokenType, {
    nullable: true,
    description: "The token with this ID. Null if it does not exist or belongs to another account.",
  })
  async apiToken(
    @Arg("id", () => ID, { description: "TKN-…" }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<ApiTokenType | null> {
    const token = await findApiToken(callContext(context), id);
    return token && toApiToken(token);
  }

  @Allow("apiToken:read")
  @Cost({ own: costOfList, rows: pageSizeOf })
  @Query(() => ApiTokenConnectionType, { description: "Tokens of the caller's account, newest first by default." })
  async apiTokens(
    @Args(() => ApiTokensArgs) args: ApiTokensArgs,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApiTokenConnectionType> {
    return connection(await listApiTokens(callContext(context), args, isOnlyCounted(info)), toApiToken);
  }

  @Allow("apiToken:write")
  @Cost({ own: logoCost })
  @Mutation(() => CreateApiTokenPayload, { description: "Creates an active token and returns its value." })
  createApiToken(
    @Arg("input", { description: "The token to create." }) input: CreateApiTokenInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateApiTokenPayload> {
    const created = createApiToken(callContext(context), input);
    return payload(created.then(({ token, value }) => ({ ...asApiToken(token), value })));
  }

  @Allow("apiToken:write")
  @Cost({ own: logoCost })
  @Mutation(() => UpdateApiTokenPayload, { description: "Updates the given fields. Fields left out stay unchanged." })
  updateApiToken(
    @Arg("input", { description: "The token and the fields to update." }) input: UpdateApiTokenInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateApiTokenPayload> {
    return payload(updateApiToken(callContext(context), input).then(asApiToken));
  }

  @Allow("apiToken:write")
  @Mutation(() => EnableApiTokenPayload, { description: "Enables a disabled token." })
  enableApiToken(
    @Arg("input", { description: "The token to enable." }) { id }: EnableApiTokenInput,
    @Ctx() context: RequestContext,
  ): Promise<EnableApiTokenPayload> {
    return payload(enableApiToken(callContext(context), id).then(asApiToken));
  }

  @Allow("apiToken:write")
  @Cost({ own: costOfRevocation })
  @Mutation(() => DisableApiTokenPayload, {
    description: "Disables a token. Its requests are denied until it is enabled again.",
  })
  disableApiToken(
    @Arg("input", { description: "The token to disable." }) { id, includeDescendants }: DisableApiTokenInput,
    @Ctx() context: RequestContext,
  ): Promise<DisableApiTokenPayload> {
    const disabled = disableApiToken(callContext(context), id, includeDescendants ?? false);
    return payload(disabled.then(({ token, ...rest }) => ({ ...asApiToken(token), ...asDescendants(rest) })));
  }

  @Allow("apiToken:write")
  @Cost({ own: costOfRevocation })
  @Mutation(() => DeleteApiTokenPayload, { description: "Permanently deletes a token and destroys its value." })
  deleteApiToken(
    @Arg("input", { description: "The token to delete." }) { id, includeDescendants }: DeleteApiTokenInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteApiTokenPayload> {
    const deleted = deleteApiToken(callContext(context), id, includeDescendants ?? false);
    return payload(deleted.then(({ token, ...rest }) => ({ deletedId: token.id, ...asDescendants(rest) })));
  }

  @Allow("apiToken:write")
  @Cost(costOfMany)
  @Mutation(() => BulkApiTokensPayload, { description: "Enables several disabled tokens." })
  enableApiTokens(
    @Arg("input", { description: "The tokens to enable." }) { ids }: BulkApiTokensInput,
    @Ctx() context: RequestContext,
  ): Promise<BulkApiTokensPayload> {
    return bulkPayload(changeStatuses(callContext(context), ids, "ENABLE"));
  }

  @Allow("apiToken:write")
  @Cost(costOfMany)
  @Mutation(() => BulkApiTokensPayload, { description: "Disables several active tokens." })
  disableApiTokens(
    @Arg("input", { description: "The tokens to disable." }) { ids }: BulkApiTokensInput,
    @Ctx() context: RequestContext,
  ): Promise<BulkApiTokensPayload> {
    return bulkPayload(changeStatuses(callContext(context), ids, "DISABLE"));
  }

  @Allow("apiToken:write")
  @Cost(costOfMany)
  @Mutation(() => BulkApiTokensPayload, {
    description: "Permanently deletes several tokens and destroys their values.",
  })
  deleteApiTokens(
    @Arg("input", { description: "The tokens to delete." }) { ids }: BulkApiTokensInput,
    @Ctx() context: RequestContext,
  ): Promise<BulkApiTokensPayload> {
    return bulkPayload(changeStatuses(callContext(context), ids, "DELETE"));
  }

  @Allow("apiToken:write")
  @Cost(costOfMany)
  @Mutation(() => BulkApiTokensPayload, {
    description: "Updates the given fields of several tokens. Fields left out stay unchanged.",
  })
  updateApiTokens(
    @Arg("input", { description: "The tokens and the fields to update." }) input: BulkUpdateApiTokensInput,
    @Ctx() context: RequestContext,
  ): Promise<BulkApiTokensPayload> {
    return bulkPayload(updateApiTokens(callContext(context), input));
  }

  @Allow("apiToken:rotate")
  @Mutation(() => RotateApiTokenPayload, {
    description: "Gives the token a new value. The previous value stays valid until the overlap ends.",
  })
  rotateApiToken(
    @Arg("input", { description: "The token, and how long the previous value stays valid." }) {
      id,
      overlapSeconds,
      version,
    }: RotateApiTokenInput,
    @Ctx() context: RequestContext,
  ): Promise<RotateApiTokenPayload> {
    const rotated = rotateApiToken(callContext(context), {
      id,
      overlapSeconds: overlapSeconds ?? defaultOverlapSeconds,
      version: version ?? null,
    });
    return payload(rotated.then(({ token, value }) => ({ ...asApiToken(token), value })));
  }

  @Allow("apiToken:rotate")
  @Mutation(() => EndApiTokenRotationPayload, { description: "Revokes the previous value." })
  endApiTokenRotation(
    @Arg("input", { description: "The rotation to end." }) { id }: EndApiTokenRotationInput,
    @Ctx() context: RequestContext,
  ): Promise<EndApiTokenRotationPayload> {
    return payload(endApiTokenRotation(callContext(context), id).then(asApiToken));
  }

  @Allow("apiToken:reveal")
  @Mutation(() => RevealApiTokenPayload, {
    description:
      "Returns the token's value, to show or copy. Every reveal is audited, and fails if the audit record cannot be written.",
  })
  revealApiToken(
    @Arg("input", { description: "The token, and the purpose." }) { id, purpose }: RevealApiTokenInput,
    @Ctx() context: RequestContext,
  ): Promise<RevealApiTokenPayload> {
    return payload(revealApiToken(callContext(context), id, purpose).then((value) => ({ value })));
  }
}

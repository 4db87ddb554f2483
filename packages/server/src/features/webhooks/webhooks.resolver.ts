import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { callContext, personContext, type RequestContext } from "../../context/request-context.js";
import { Cost } from "../../graphql/cost.js";
import { Allow, payload } from "../../graphql/graphql-types.js";
import {
  CreateWebhookInput,
  DeleteWebhookPayload,
  DeliveriesArgs,
  toDelivery,
  toWebhook,
  UpdateWebhookInput,
  WebhookDeliveryIdInput,
  WebhookDeliveryPayload,
  WebhookDeliveryType,
  WebhookIdInput,
  WebhookPayload,
  WebhookSecretPayload,
  WebhookType,
} from "./webhook.types.js";
import {
  createWebhook,
  deleteWebhook,
  deliveriesOf,
  resendDelivery,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
  type WithSecret,
  webhooksOf,
} from "./webhooks.service.js";

const withSecret = ({ webhook, secret }: WithSecret) => ({ webhook: toWebhook(webhook), secret });

@Resolver(() => WebhookType)
export class WebhooksResolver {
  @Allow("webhook:read")
  @Cost({ own: 50, rows: 10 })
  @Query(() => [WebhookType], { description: "Webhooks of the caller's account, oldest first." })
  async webhooks(@Ctx() context: RequestContext): Promise<WebhookType[]> {
    return (await webhooksOf(callContext(context))).map(toWebhook);
  }

  @Cost<DeliveriesArgs>({ own: 50, rows: ({ first }) => first })
  @FieldResolver(() => [WebhookDeliveryType], { description: "Its messages of the last 30 days, newest first." })
  async deliveries(
    @Root() { id }: WebhookType,
    @Args(() => DeliveriesArgs) args: DeliveriesArgs,
    @Ctx() context: RequestContext,
  ): Promise<WebhookDeliveryType[]> {
    return (await deliveriesOf(context, id, args)).map(toDelivery);
  }

  @Allow("webhook:write")
  @Mutation(() => WebhookSecretPayload, { description: "Adds a webhook, and returns its secret." })
  createWebhook(
    @Arg("input", { description: "The webhook to create." }) input: CreateWebhookInput,
    @Ctx() context: RequestContext,
  ): Promise<WebhookSecretPayload> {
    return payload(createWebhook(personContext(context), input).then(withSecret));
  }

  @Allow("webhook:write")
  @Mutation(() => WebhookPayload, { description: "Changes, enables or disables a webhook." })
  updateWebhook(
    @Arg("input", { description: "The changes." }) input: UpdateWebhookInput,
    @Ctx() context: RequestContext,
  ): Promise<WebhookPayload> {
    return payload(updateWebhook(personContext(context), input).then((webhook) => ({ webhook: toWebhook(webhook) })));
  }

  @Allow("webhook:write")
  @Mutation(() => DeleteWebhookPayload, { description: "Deletes a webhook. Nothing more is sent to it." })
  deleteWebhook(
    @Arg("input", { description: "The webhook to delete." }) { id }: WebhookIdInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteWebhookPayload> {
    return payload(deleteWebhook(personContext(context), id).then((deletedId) => ({ deletedId })));
  }

  @Allow("webhook:write")
  @Mutation(() => WebhookSecretPayload, {
    description: "Gives a webhook a new secret. For a day, messages are also signed with the previous one.",
  })
  rotateWebhookSecret(
    @Arg("input", { description: "The webhook." }) { id }: WebhookIdInput,
    @Ctx() context: RequestContext,
  ): Promise<WebhookSecretPayload> {
    return payload(rotateWebhookSecret(personContext(context), id).then(withSecret));
  }

  @Allow("webhook:write")
  @Cost({ own: 1_000 })
  @Mutation(() => WebhookDeliveryPayload, {
    description: "Sends a webhook.test message at once, and returns what came of it, after up to 10 seconds.",
  })
  testWebhook(
    @Arg("input", { description: "The webhook." }) { id }: WebhookIdInput,
    @Ctx() context: RequestContext,
  ): Promise<WebhookDeliveryPayload> {
    return payload(testWebhook(personContext(context), id).then((delivery) => ({ delivery: toDelivery(delivery) })));
  }

  @Allow("webhook:write")
  @Mutation(() => WebhookDeliveryPayload, { description: "Sends a message again, with the same ID." })
  resendWebhookDelivery(
    @Arg("input", { description: "The delivery." }) { id }: WebhookDeliveryIdInput,
    @Ctx() context: RequestContext,
  ): Promise<WebhookDeliveryPayload> {
    return payload(resendDelivery(personContext(context), id).then((delivery) => ({ delivery: toDelivery(delivery) })));
  }
}

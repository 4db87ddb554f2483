import { type WebhookEvent, webhookEvents } from "@hallpass/shared";
import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Cost } from "../../graphql/cost.js";
import { enumOf, PayloadType } from "../../graphql/graphql-types.js";
import {
  type DeliveryStatus,
  deliveryStatuses,
  type WebhookDeliveryEntity,
  type WebhookEntity,
} from "./webhook.entity.js";

const DeliveryStatusEnum = enumOf("WebhookDeliveryStatus", deliveryStatuses, "What became of a message.", {
  PENDING: "Not delivered yet, and attempted again at `nextAttemptAt`.",
  DELIVERED: "Answered with a 2xx status.",
  FAILED: "Given up after three days. It can be sent again.",
});

@ObjectType("WebhookDelivery", { description: "A message to a webhook." })
export class WebhookDeliveryType {
  @Field(() => ID, { description: "Identifies the delivery." }) id: string;
  @Field({ description: "`webhook-id` of the message, the same each time it is sent." }) messageId: string;
  @Field({ description: "`type` of the message, e.g. api_token.disabled." }) event: string;
  @Field(() => DeliveryStatusEnum, { description: "What became of it." }) status: DeliveryStatus;
  @Field(() => Int, { description: "Number of attempts, since it was last sent again by hand." }) attempts: number;
  @Field({ description: "When the event was recorded." }) createdAt: Date;
  @Field(() => Date, { nullable: true, description: "When it is sent next. Null unless pending." })
  nextAttemptAt: Date | null;
  @Field(() => Date, { nullable: true, description: "When it was sent last. Null if never." })
  lastAttemptAt: Date | null;
  @Field(() => Int, { nullable: true, description: "HTTP status of the last response. Null if there was none." })
  responseStatus: number | null;
  @Field(() => String, {
    nullable: true,
    description: "First 500 characters of the last response, or why there was none.",
  })
  response: string | null;
}

@ArgsType()
export class DeliveriesArgs {
  @Field(() => Int, { defaultValue: 20, description: "Number of deliveries, up to 100." }) first: number;
  @Field(() => DeliveryStatusEnum, { nullable: true, description: "Only those with this status." })
  status?: DeliveryStatus | null;
}

@ObjectType("Webhook", {
  description: "A URL that the account's events are sent to, by the Standard Webhooks specification.",
})
export class WebhookType {
  @Field(() => ID, { description: "Identifies the webhook." }) id: string;
  @Field({ description: "Where messages are sent." }) url: string;
  @Field(() => [String], { description: "The events it gets, e.g. api_token.disabled." }) events: string[];
  @Field({ description: "Whether it gets messages. Events while it is disabled are not sent later." }) enabled: boolean;
  @Field({ description: "When it was created." }) createdAt: Date;
}

export function toWebhook({ id, url, events, enabled, createdAt }: WebhookEntity): WebhookType {
  return Object.assign(new WebhookType(), { id, url, events: events.split(" "), enabled: enabled === 1, createdAt });
}

export function toDelivery(delivery: WebhookDeliveryEntity): WebhookDeliveryType {
  return Object.assign(new WebhookDeliveryType(), delivery);
}

const allEvents = `Any of ${webhookEvents.join(", ")}.`;

@InputType({ description: "The webhook to create." })
export class CreateWebhookInput {
  @Field({ description: "An https URL." }) url: string;
  @Field(() => [String], { description: allEvents }) events: WebhookEvent[];
}

@InputType({ description: "The changes. Fields left out or null stay unchanged." })
export class UpdateWebhookInput {
  @Field(() => ID, { description: "The webhook to change." }) id: string;
  @Field(() => String, { nullable: true, description: "An https URL." }) url?: string | null;
  @Field(() => [String], { nullable: true, description: allEvents }) events?: WebhookEvent[] | null;
  @Field(() => Boolean, { nullable: true, description: "Whether it gets messages." }) enabled?: boolean | null;
}

@InputType({ description: "The webhook." })
export class WebhookIdInput {
  @Field(() => ID, { description: "One of `webhooks`." }) id: string;
}

@InputType({ description: "The delivery." })
export class WebhookDeliveryIdInput {
  @Field(() => ID, { description: "One of a webhook's deliveries." }) id: string;
}

@ObjectType({ description: "The webhook as it is now." })
export class WebhookPayload extends PayloadType {
  @Field(() => WebhookType, { nullable: true, description: "The webhook." }) webhook?: WebhookType | null;
}

@ObjectType({ description: "The webhook, and its secret, which is not shown again." })
export class WebhookSecretPayload extends PayloadType {
  @Field(() => WebhookType, { nullable: true, description: "The webhook." }) webhook?: WebhookType | null;
  @Field(() => String, { nullable: true, description: "`whsec_…`, to verify signatures with. Returned only here." })
  secret?: string | null;
}

@ObjectType({ description: "The webhook and its deliveries are deleted." })
export class DeleteWebhookPayload extends PayloadType {
  @Field(() => ID, { nullable: true, description: "ID of the deleted webhook." }) deletedId?: string | null;
}

@ObjectType({ description: "The delivery as it is now." })
export class WebhookDeliveryPayload extends PayloadType {
  @Cost({ own: 5 })
  @Field(() => WebhookDeliveryType, { nullable: true, description: "The delivery." })
  delivery?: WebhookDeliveryType | null;
}

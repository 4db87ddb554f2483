import { Column, Entity, ForeignKey, Index } from "typeorm";
import { IdColumn, IntColumn, PrimaryIdColumn, TextColumn, TimeColumn } from "../../db/columns.js";
import { AccountEntity } from "../accounts/account.entity.js";

/** An URL that an account's events are sent to. */
@Entity("webhook")
@Index("ix_webhook_account", ["accountId"])
export class WebhookEntity {
  @PrimaryIdColumn() id: string;

  @IdColumn("account_id")
  @ForeignKey(() => AccountEntity, { name: "fk_webhook_account", onDelete: "CASCADE" })
  accountId: string;

  @TextColumn("url", 2_000) url: string;
  /** Names of audit events, separated by spaces. */
  @TextColumn("events", 1_000) events: string;
  /** 0 or 1. */
  @IntColumn("enabled") enabled: number;
  @TimeColumn("created_at") createdAt: Date;
  /** Up to which audit record its deliveries exist. */
  @IntColumn("sequence") sequence: number;
  /** Encrypted, like the values of tokens. */
  @Column("blob", { name: "secret" }) secret: Buffer;
  @TextColumn("key_id", 64) keyId: string;
  /** After a rotation, deliveries are also signed with the earlier secret for a while. Null, like the next two, if not. */
  @Column("blob", { name: "previous_secret", nullable: true }) previousSecret: Buffer | null;
  @TextColumn("previous_key_id", 64, { nullable: true }) previousKeyId: string | null;
  @TimeColumn("previous_until", { nullable: true }) previousUntil: Date | null;
}

export const deliveryStatuses = ["PENDING", "DELIVERED", "FAILED"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** A message to a webhook. Its body is made of the audit record, each time it is sent. */
@Entity("webhook_delivery")
@Index("ix_webhook_delivery_due", ["webhookId", "nextAttemptAt", "sequence"])
@Index("ix_webhook_delivery_listed", ["webhookId", "createdAt", "id"])
@Index("ix_webhook_delivery_status", ["webhookId", "status", "createdAt", "id"])
@Index("ix_webhook_delivery_created", ["createdAt"])
@Index("ux_webhook_delivery_message", ["webhookId", "messageId"], { unique: true })
export class WebhookDeliveryEntity {
  @PrimaryIdColumn() id: string;

  @IdColumn("webhook_id")
  @ForeignKey(() => WebhookEntity, { name: "fk_webhook_delivery_webhook", onDelete: "CASCADE" })
  webhookId: string;

  /** The same each time it is sent, so that receivers can ignore repetitions. */
  @TextColumn("message_id", 48) messageId: string;
  /** Of the audit record. Null for a test. */
  @IntColumn("sequence", { nullable: true }) sequence: number | null;
  @TextColumn("event", 64) event: string;
  @TextColumn("status", 16) status: DeliveryStatus;
  @IntColumn("attempts") attempts: number;
  @TimeColumn("created_at") createdAt: Date;
  /** Null unless PENDING. */
  @TimeColumn("next_attempt_at", { nullable: true }) nextAttemptAt: Date | null;
  @TimeColumn("last_attempt_at", { nullable: true }) lastAttemptAt: Date | null;
  /** Of the last attempt. Null if there was no response. */
  @IntColumn("response_status", { nullable: true }) responseStatus: number | null;
  /** The beginning of the response's body, or why there was none. */
  @TextColumn("response", 500, { nullable: true }) response: string | null;
}

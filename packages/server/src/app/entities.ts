import { DatabaseHistoryEntity } from "../db/history.js";
import { LeaseEntity } from "../db/lease.js";
import { AccountEntity, AccountModuleEntity } from "../features/accounts/account.entity.js";
import {
  ApiTokenAccessEntity,
  ApiTokenEntity,
  ApiTokenEventEntity,
  ApiTokenLogoEntity,
  ApiTokenModuleEntity,
  ApiTokenSearchEntity,
  IdempotencyKeyEntity,
} from "../features/api-tokens/api-token.entity.js";
import { ApiTokenSecretEntity } from "../features/api-tokens/api-token-secret.entity.js";
import { AuditArchiveEntity, AuditHeadEntity, AuditRecordEntity } from "../features/audit/audit-record.entity.js";
import { EmailEntity } from "../features/emails/email.entity.js";
import { EncryptionKeyEntity } from "../features/encryption-keys/encryption-key.entity.js";
import { ModuleEntity } from "../features/modules/module.entity.js";
import { TokenNoticeEntity } from "../features/notices/token-notice.entity.js";
import { AccountPolicyEntity } from "../features/policy/account-policy.entity.js";
import { DefaultViewEntity, SavedViewEntity } from "../features/saved-views/saved-view.entity.js";
import { SessionEntity } from "../features/sessions/session.entity.js";
import { TokenUsageEntity } from "../features/usage/usage.entity.js";
import { MembershipEntity, UserEntity } from "../features/users/user.entity.js";
import { WebhookDeliveryEntity, WebhookEntity } from "../features/webhooks/webhook.entity.js";

export const entities = [
  AccountEntity,
  AccountModuleEntity,
  AccountPolicyEntity,
  ApiTokenEntity,
  ApiTokenAccessEntity,
  ApiTokenEventEntity,
  ApiTokenLogoEntity,
  ApiTokenModuleEntity,
  ApiTokenSearchEntity,
  ApiTokenSecretEntity,
  AuditArchiveEntity,
  AuditHeadEntity,
  AuditRecordEntity,
  DatabaseHistoryEntity,
  DefaultViewEntity,
  EmailEntity,
  EncryptionKeyEntity,
  IdempotencyKeyEntity,
  LeaseEntity,
  MembershipEntity,
  ModuleEntity,
  SavedViewEntity,
  SessionEntity,
  TokenNoticeEntity,
  TokenUsageEntity,
  UserEntity,
  WebhookDeliveryEntity,
  WebhookEntity,
];

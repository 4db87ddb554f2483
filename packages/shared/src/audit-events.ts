interface AuditEventRule {
  /** Whether a token check may have a different result afterwards. Every process then evicts what it has cached. */
  affectsChecks: boolean;
}

const noCheck = { affectsChecks: false };
const someCheck = { affectsChecks: true };

/** Everything the audit trail records. The names are stored forever, so they are never renamed or reused. */
export const auditEvents = {
  "api_token.created": someCheck,
  "api_token.updated": someCheck,
  "api_token.enabled": someCheck,
  "api_token.disabled": someCheck,
  "api_token.deleted": someCheck,
  "api_token.revealed": noCheck,
  "api_token.rotated": someCheck,
  "api_token.rotation_ended": someCheck,
  "api_token.expiring": noCheck,
  "api_token.unused": noCheck,
  "account.created": someCheck,
  "account.updated": someCheck,
  "account.modules_changed": someCheck,
  "account.closed": someCheck,
  "account.reopened": someCheck,
  "account.policy_changed": noCheck,
  "user.created": noCheck,
  "user.updated": noCheck,
  "user.password_changed": noCheck,
  "user.removed": noCheck,
  "user.role_changed": noCheck,
  "user.signed_in": noCheck,
  "user.signed_out": noCheck,
  "user.sign_in_refused": noCheck,
  "user.sign_in_throttled": noCheck,
  "user.switched_account": noCheck,
  "webhook.created": noCheck,
  "webhook.updated": noCheck,
  "webhook.deleted": noCheck,
  "webhook.secret_rotated": noCheck,
  "module.created": noCheck,
  "module.updated": noCheck,
  "module.removed": noCheck,
  "audit_trail.exported": noCheck,
  "audit_trail.signed": noCheck,
  "audit_trail.archived": noCheck,
  "encryption_keys.rotated": noCheck,
} as const satisfies Record<string, AuditEventRule>;

export type AuditEvent = keyof typeof auditEvents;

/** The events that webhooks can get. */
export const webhookEvents = [
  "api_token.created",
  "api_token.updated",
  "api_token.enabled",
  "api_token.disabled",
  "api_token.deleted",
  "api_token.revealed",
  "api_token.rotated",
  "api_token.rotation_ended",
  "api_token.expiring",
  "api_token.unused",
  "account.policy_changed",
] as const satisfies AuditEvent[];
export type WebhookEvent = (typeof webhookEvents)[number];

/**
 * Whether a stored event may affect checks. An event that is not listed was written by another version, so it counts as
 * one that does.
 */
export function affectsChecks(event: string): boolean {
  return Object.hasOwn(auditEvents, event) ? auditEvents[event as AuditEvent].affectsChecks : true;
}

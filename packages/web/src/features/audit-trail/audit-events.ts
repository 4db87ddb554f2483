import { type AuditEvent, auditEvents } from "@hallpass/shared";
import type { FilterOption } from "../../components/data-grid/filter/filter-model";

const labels: Record<AuditEvent, string> = {
  "api_token.created": "API token created",
  "api_token.updated": "API token edited",
  "api_token.enabled": "API token enabled",
  "api_token.disabled": "API token disabled",
  "api_token.deleted": "API token deleted",
  "api_token.revealed": "Value revealed",
  "api_token.rotated": "API token rotated",
  "api_token.rotation_ended": "Previous value revoked",
  "api_token.expiring": "API token expires soon",
  "api_token.unused": "API token unused",
  "user.signed_in": "Signed in",
  "user.signed_out": "Signed out",
  "user.sign_in_refused": "Sign-in failed",
  "user.sign_in_throttled": "Sign-in throttled",
  "user.switched_account": "Switched to this account",
  "user.role_changed": "Role changed",
  "account.created": "Account added",
  "account.updated": "Account changed",
  "account.modules_changed": "Account modules changed",
  "account.closed": "Account closed",
  "account.reopened": "Account reopened",
  "account.policy_changed": "Policy changed",
  "user.created": "User added",
  "user.updated": "User changed",
  "user.password_changed": "Password changed",
  "user.removed": "User removed",
  "webhook.created": "Webhook added",
  "webhook.updated": "Webhook edited",
  "webhook.deleted": "Webhook deleted",
  "webhook.secret_rotated": "Webhook secret rotated",
  "module.created": "Module added",
  "module.updated": "Module changed",
  "module.removed": "Module removed",
  "audit_trail.exported": "Audit trail exported",
  "audit_trail.signed": "Audit trail signed",
  "audit_trail.archived": "Audit trail archived",
  "encryption_keys.rotated": "Encryption keys rotated",
};

export const eventOptions: FilterOption[] = Object.entries(labels).map(([value, label]) => ({ value, label }));

/** The actor shown if no person or token performed the action. A failed sign-in has no actor. */
export function actorless(event: string): string {
  return event.startsWith("user.sign_in_") ? "Not signed in" : "System";
}

/** A newer server may record unknown events, which are shown by their name. */
export function eventLabel(event: string): string {
  return Object.hasOwn(auditEvents, event) ? labels[event as AuditEvent] : event;
}

const kinds: Record<string, string> = { TKN: "API token", USR: "Person", ACC: "Account", MOD: "Module" };

/** The type of object an ID denotes, e.g. `TKN-1234-5678` an API token. */
export function objectType(id: string): string {
  return kinds[id.slice(0, 3)] ?? "Other";
}

import type { FilterOption } from "../../components/data-grid/filter-model";

/** What can happen, in words; an event that is not here yet shows its own name. */
const labels: Record<string, string> = {
  "api_token.created": "API token created",
  "api_token.updated": "API token edited",
  "api_token.enabled": "API token enabled",
  "api_token.disabled": "API token disabled",
  "api_token.deleted": "API token deleted",
  "api_token.revealed": "Value shown or copied",
  "api_token.rotated": "New value given",
  "api_token.rotation_ended": "Previous value ended",
  "user.signed_in": "Signed in",
  "user.signed_out": "Signed out",
  "user.sign_in_refused": "Sign-in refused",
  "user.sign_in_throttled": "Sign-in throttled",
  "user.switched_account": "Came from another account",
  "user.role_changed": "Role changed",
  "account.created": "Account added",
  "account.updated": "Account changed",
  "account.modules_changed": "Account's modules changed",
  "audit_trail.exported": "Audit trail exported",
  "encryption_keys.rotated": "Encryption keys rotated",
};

export const eventOptions: FilterOption[] = Object.entries(labels).map(([value, label]) => ({ value, label }));

/** Who did it, when no person or token did: who is refused at sign-in is nobody yet. */
export function actorless(event: string): string {
  return event.startsWith("user.sign_in_") ? "Not signed in" : "Hallpass itself";
}

export function eventLabel(event: string): string {
  return labels[event] ?? event;
}

const kinds: Record<string, string> = { TKN: "API token", USR: "Person", ACC: "Account", MOD: "Module" };

/** What an identifier stands for: `TKN-1234-5678` for an API token. */
export function objectType(id: string): string {
  return kinds[id.slice(0, 3)] ?? "Other";
}

import type { FilterOption } from "../../components/data-grid/filter-model";

/** What can happen, in words; an event that is not here yet shows its own name. */
const labels: Record<string, string> = {
  "api_token.created": "API token created",
  "api_token.updated": "API token edited",
  "api_token.enabled": "API token enabled",
  "api_token.disabled": "API token disabled",
  "api_token.deleted": "API token deleted",
  "api_token.revealed": "API token's value revealed",
  "user.signed_in": "Signed in",
  "user.signed_out": "Signed out",
  "user.switched_account": "Switched account",
};

export const eventOptions: FilterOption[] = Object.entries(labels).map(([value, label]) => ({ value, label }));

export function eventLabel(event: string): string {
  return labels[event] ?? event;
}

const kinds: Record<string, string> = { TKN: "API token", USR: "Person", ACC: "Account", MOD: "Module" };

/** What an identifier stands for: `TKN-1234-5678` for an API token. */
export function objectType(id: string): string {
  return kinds[id.slice(0, 3)] ?? "Other";
}

/** `Changed: name, description`, from a record's JSON; nothing when it names no change. */
export function describeChanges(details: string): string {
  const record = parse(details);
  const names = Object.keys({ ...record?.before, ...record?.after });
  return names.length > 0 ? `Changed: ${names.map(inWords).join(", ")}` : "";
}

function parse(json: string): { before?: object; after?: object } | null {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** `moduleIds` → modules, `expiresAt` → expires at */
function inWords(name: string): string {
  return name
    .replace(/Ids$/, "s")
    .replace(/([A-Z])/g, " $1")
    .toLowerCase();
}

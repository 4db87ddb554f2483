import { hallpassModules } from "./modules.js";

export const roles = ["ADMIN", "AUDITOR"] as const;
export type Role = (typeof roles)[number];

export const accountTypes = ["CLIENT", "VENDOR", "OPERATIONS"] as const;
export type AccountType = (typeof accountTypes)[number];

/** The request header that names the account of a person's request. Without it, the session's account applies. */
export const accountHeader = "Hallpass-Account";

/** The caller: a person in one of their accounts, or a program with an API token. */
export type Caller =
  | { kind: "person"; id: string; role: Role }
  | { kind: "token"; id: string; moduleIds: readonly string[] };

interface Grant {
  roles: readonly Role[];
  /** The module a token needs. Null if no token may, "any" if every valid token may. */
  module: string | null;
}

const grants = {
  "account:read": { roles: ["ADMIN", "AUDITOR"], module: "any" },
  "apiToken:read": { roles: ["ADMIN", "AUDITOR"], module: hallpassModules.accessManagement },
  "apiToken:write": { roles: ["ADMIN"], module: hallpassModules.accessManagement },
  "apiToken:rotate": { roles: ["ADMIN"], module: hallpassModules.accessManagement },
  "apiToken:reveal": { roles: ["ADMIN"], module: null },
  "auditTrail:read": { roles: ["ADMIN", "AUDITOR"], module: hallpassModules.audit },
  "session:switchAccount": { roles: ["ADMIN", "AUDITOR"], module: null },
  "policy:write": { roles: ["ADMIN"], module: null },
  "profile:write": { roles: ["ADMIN", "AUDITOR"], module: null },
  "savedView:write": { roles: ["ADMIN", "AUDITOR"], module: null },
  "savedView:share": { roles: ["ADMIN"], module: null },
  "webhook:read": { roles: ["ADMIN", "AUDITOR"], module: null },
  "webhook:write": { roles: ["ADMIN"], module: null },
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof grants;

export function can(caller: Caller, permission: Permission): boolean {
  const grant: Grant = grants[permission];
  if (caller.kind === "person") return grant.roles.includes(caller.role);
  return grant.module === "any" || (grant.module !== null && caller.moduleIds.includes(grant.module));
}

/** The module a token needs for this. Null if it needs none, or if no module would help. */
export function moduleFor(permission: Permission): string | null {
  const { module } = grants[permission];
  return module === "any" ? null : module;
}

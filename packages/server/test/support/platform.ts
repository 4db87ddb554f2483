import { type Platform, parsePlatform } from "../../src/features/platform/platform-file.js";

export const password = "correct horse battery";

export const modules = {
  accessManagement: "MOD-1255",
  audit: "MOD-1290",
  tokenVerification: "MOD-1299",
  catalogue: "MOD-1310",
  orders: "MOD-1320",
  /** Enabled only for the vendor. */
  helpdesk: "MOD-1340",
} as const;

export const accounts = {
  client: "ACC-0001-0002",
  vendor: "ACC-0001-0003",
  operations: "ACC-0000-0001",
} as const;

/** People in each role. */
export const people = {
  admin: { id: "USR-1000-0001", email: "ada@client.example" },
  otherAdmin: { id: "USR-1000-0002", email: "bo@client.example" },
  auditor: { id: "USR-1000-0003", email: "cleo@client.example" },
  /** Administrator of the client, auditor of the vendor. */
  consultant: { id: "USR-1000-0004", email: "dan@consult.example" },
  vendorAdmin: { id: "USR-2000-0001", email: "eve@vendor.example" },
  operator: { id: "USR-9000-0001", email: "fay@operations.example" },
  operationsAuditor: { id: "USR-9000-0002", email: "gil@operations.example" },
} as const;

export type Person = keyof typeof people;

/** A platform with an account of each type. */
export function testPlatform(): Platform {
  const { accessManagement, audit, tokenVerification, catalogue, orders, helpdesk } = modules;
  const everyone = [accessManagement, audit, catalogue, orders];
  const user = (person: Person, name: string, roles: Record<string, "ADMIN" | "AUDITOR">) => ({
    ...people[person],
    name,
    password,
    roles,
  });
  return parsePlatform({
    modules: [
      { id: accessManagement, name: "Access management", description: "Users, groups and API tokens" },
      { id: audit, name: "Audit" },
      { id: tokenVerification, name: "Token verification" },
      { id: catalogue, name: "Catalogue" },
      { id: orders, name: "Orders" },
      { id: helpdesk, name: "Helpdesk" },
    ],
    accounts: [
      { id: accounts.client, name: "Client", type: "CLIENT", modules: everyone },
      { id: accounts.vendor, name: "Vendor", type: "VENDOR", modules: [...everyone, helpdesk] },
      { id: accounts.operations, name: "Operations", type: "OPERATIONS", modules: [...everyone, tokenVerification] },
    ],
    users: [
      user("admin", "Ada Admin", { [accounts.client]: "ADMIN" }),
      user("otherAdmin", "Bo Admin", { [accounts.client]: "ADMIN" }),
      user("auditor", "Cleo Auditor", { [accounts.client]: "AUDITOR" }),
      user("consultant", "Dan Consultant", { [accounts.client]: "ADMIN", [accounts.vendor]: "AUDITOR" }),
      user("vendorAdmin", "Eve Vendor", { [accounts.vendor]: "ADMIN" }),
      user("operator", "Fay Operator", { [accounts.operations]: "ADMIN" }),
      user("operationsAuditor", "Gil Auditor", { [accounts.operations]: "AUDITOR" }),
    ],
  });
}

/** The test platform with only these roles for the person. */
export function platformWithRoles(person: Person, roles: Record<string, "ADMIN" | "AUDITOR">): Platform {
  const platform = testPlatform();
  const users = platform.users.map((user) => (user.id === people[person].id ? { ...user, roles } : user));
  return { ...platform, users };
}

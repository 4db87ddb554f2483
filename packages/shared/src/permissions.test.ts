import { type Caller, can, moduleFor, type Permission } from "./index.js";

const admin: Caller = { kind: "person", id: "USR-1000-0001", role: "ADMIN" };
const auditor: Caller = { kind: "person", id: "USR-1000-0002", role: "AUDITOR" };
const token = (...moduleIds: string[]): Caller => ({ kind: "token", id: "TKN-1000-0001", moduleIds });

// The permissions of ADMIN, AUDITOR, a token with MOD-1255, one with MOD-1290 and one with neither.
const table: [Permission, boolean, boolean, boolean, boolean, boolean, string | null][] = [
  ["account:read", true, true, true, true, true, null],
  ["apiToken:read", true, true, true, false, false, "MOD-1255"],
  ["apiToken:write", true, false, true, false, false, "MOD-1255"],
  ["apiToken:rotate", true, false, true, false, false, "MOD-1255"],
  ["apiToken:reveal", true, false, false, false, false, null],
  ["auditTrail:read", true, true, false, true, false, "MOD-1290"],
  ["session:switchAccount", true, true, false, false, false, null],
  ["policy:write", true, false, false, false, false, null],
  ["profile:write", true, true, false, false, false, null],
  ["webhook:read", true, true, false, false, false, null],
  ["webhook:write", true, false, false, false, false, null],
  ["savedView:write", true, true, false, false, false, null],
  ["savedView:share", true, false, false, false, false, null],
];

test.each(table)(
  "The permission %s has these grants: administrator %s, auditor %s, token with Access management %s, Audit %s, other %s",
  (permission, ...[forAdmin, forAuditor, withAccess, withAudit, withAnother, module]) => {
    expect(can(admin, permission)).toBe(forAdmin);
    expect(can(auditor, permission)).toBe(forAuditor);
    expect(can(token("MOD-1255"), permission)).toBe(withAccess);
    expect(can(token("MOD-1290"), permission)).toBe(withAudit);
    expect(can(token("MOD-1310"), permission)).toBe(withAnother);
    expect(moduleFor(permission)).toBe(module);
  },
);

test("A token with every Hallpass module cannot reveal values", () => {
  expect(can(token("MOD-1255", "MOD-1290", "MOD-1299"), "apiToken:reveal")).toBe(false);
});

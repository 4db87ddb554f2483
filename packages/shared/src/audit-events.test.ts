import { type AuditEvent, affectsChecks, auditEvents } from "./index.js";

describe("Audit events", () => {
  test.each<[AuditEvent, boolean]>([
    ["api_token.disabled", true],
    ["api_token.rotation_ended", true],
    ["account.modules_changed", true],
    ["account.closed", true],
    ["api_token.revealed", false],
    ["user.signed_in", false],
    ["user.role_changed", false],
    ["audit_trail.exported", false],
  ])("The event %s has affectsChecks set to %s", (event, expected) => {
    expect(affectsChecks(event)).toBe(expected);
  });

  test("An event of another version counts as one that affects checks", () => {
    expect(["api_token.suspended", "policy.changed", "toString", ""].map(affectsChecks)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  test("Each event states whether it affects checks", () => {
    for (const { affectsChecks } of Object.values(auditEvents)) expect(typeof affectsChecks).toBe("boolean");
  });
});

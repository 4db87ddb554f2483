import {
  type ApiTokenAction,
  type ApiTokenStatus,
  apiTokenActions,
  apiTokenStatuses,
  availableActions,
  type Caller,
  lifeCycle,
} from "./index.js";

const admin: Caller = { kind: "person", id: "USR-1000-0001", role: "ADMIN" };
const auditor: Caller = { kind: "person", id: "USR-1000-0002", role: "AUDITOR" };
const program = (moduleIds: string[]): Caller => ({ kind: "token", id: "TKN-1000-0001", moduleIds });
const token = (status: ApiTokenStatus, id = "TKN-2000-0001") => ({ id, status });

describe("Life cycle", () => {
  test.each<[ApiTokenAction, ApiTokenStatus, ApiTokenStatus | "refused"]>([
    ["ENABLE", "ACTIVE", "refused"],
    ["ENABLE", "DISABLED", "ACTIVE"],
    ["ENABLE", "DELETED", "refused"],
    ["DISABLE", "ACTIVE", "DISABLED"],
    ["DISABLE", "DISABLED", "refused"],
    ["DISABLE", "DELETED", "refused"],
    ["DELETE", "ACTIVE", "DELETED"],
    ["DELETE", "DISABLED", "DELETED"],
    ["DELETE", "DELETED", "refused"],
    ["EDIT", "ACTIVE", "ACTIVE"],
    ["EDIT", "DISABLED", "DISABLED"],
    ["EDIT", "DELETED", "refused"],
    ["REVEAL", "ACTIVE", "ACTIVE"],
    ["REVEAL", "DISABLED", "DISABLED"],
    ["REVEAL", "DELETED", "refused"],
    ["ROTATE", "ACTIVE", "ACTIVE"],
    ["ROTATE", "DISABLED", "DISABLED"],
    ["ROTATE", "DELETED", "refused"],
  ])("The result of %s on a token in status %s is %s", (action, from, to) => {
    const rule = lifeCycle[action];
    expect(rule.from.includes(from) ? (rule.to ?? from) : "refused").toBe(to);
  });

  test("Every action has a rule, and none applies to a deleted token", () => {
    expect(Object.keys(lifeCycle).sort()).toEqual([...apiTokenActions].sort());
    for (const action of apiTokenActions) expect(lifeCycle[action].from).not.toContain("DELETED");
  });
});

describe("Available actions", () => {
  test.each<[string, Caller, ApiTokenStatus, ApiTokenAction[]]>([
    ["An administrator", admin, "ACTIVE", ["EDIT", "DISABLE", "DELETE", "REVEAL", "ROTATE"]],
    ["An administrator", admin, "DISABLED", ["EDIT", "ENABLE", "DELETE", "REVEAL", "ROTATE"]],
    ["An administrator", admin, "DELETED", []],
    ["An auditor", auditor, "ACTIVE", []],
    ["An auditor", auditor, "DISABLED", []],
    ["A token with Access management", program(["MOD-1255"]), "ACTIVE", ["EDIT", "DISABLE", "DELETE"]],
    ["A token with Access management", program(["MOD-1255"]), "DISABLED", ["EDIT", "ENABLE", "DELETE"]],
    ["A token without Access management", program(["MOD-1290", "MOD-1299"]), "ACTIVE", []],
  ])("%s has these actions on a token in status %s: %s", (_who, caller, status, actions) => {
    expect(availableActions(caller, token(status))).toEqual(actions);
  });

  test("A token can rotate itself and take no other action on itself", () => {
    const itself = (status: ApiTokenStatus) => availableActions(program(["MOD-1255"]), token(status, "TKN-1000-0001"));
    expect(apiTokenStatuses.map(itself)).toEqual([["ROTATE"], ["ROTATE"], []]);
  });
});

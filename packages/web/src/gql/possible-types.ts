export const possibleTypes: Record<string, string[]> = {
  "Node": [
    "Account",
    "User",
    "Module",
    "ApiToken",
    "AuditRecord"
  ],
  "Actor": [
    "User",
    "ApiToken",
    "FormerActor"
  ]
};

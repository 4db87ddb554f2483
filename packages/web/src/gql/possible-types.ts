export const possibleTypes: Record<string, string[]> = {
  "Actor": [
    "ApiToken",
    "FormerActor",
    "User"
  ],
  "Node": [
    "Account",
    "ApiToken",
    "AuditRecord",
    "Module",
    "User"
  ]
};

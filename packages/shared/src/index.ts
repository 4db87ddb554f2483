export * from "./api-token.js";
export * from "./audit-events.js";
export * from "./error-codes.js";
export * from "./identifiers.js";
export * from "./inputs.js";
export * from "./modules.js";
export * from "./permissions.js";
export * from "./token-value.js";

export const accountTypes = { CLIENT: "Client", VENDOR: "Vendor", OPERATIONS: "Operations" } as const;

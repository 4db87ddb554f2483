import config from "../jest.config.mjs";

/** The fault suites, which `npm run faults` runs last; with HALLPASS_FAULTS=short, fewer rounds of each. */
const [project] = config.projects;

export default {
  ...project,
  displayName: "faults",
  testMatch: ["<rootDir>/faults/*.test.ts"],
  globalSetup: "<rootDir>/faults/support/table-setup.ts",
  globalTeardown: "<rootDir>/faults/support/table.ts",
  // Each file runs programs that take a core; the bounds that are measured hold on a busy machine too.
  maxWorkers: 2,
};

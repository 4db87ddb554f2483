import config from "../jest.config.mjs";

/** The fault suites, which `npm run faults` runs last. HALLPASS_FAULTS=short runs fewer rounds of each. */
const [project] = config.projects;

export default {
  ...project,
  displayName: "faults",
  testMatch: ["<rootDir>/faults/*.test.ts"],
  globalSetup: "<rootDir>/faults/support/table-setup.ts",
  globalTeardown: "<rootDir>/faults/support/table.ts",
  // Each file's programs need a core. The measured bounds also hold on a busy machine.
  maxWorkers: 2,
};

import config from "../jest.config.mjs";

/**
 * The fault suite: `npm run faults` at the root, with HALLPASS_FAULTS=short in a few minutes' place a minute and a half. Not
 * among the tests of `npm test`, which must be quick.
 */
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

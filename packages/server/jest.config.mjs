/**
 * Configuration of `npm test`: every quick suite on the embedded database, and on MariaDB too those that test the
 * database itself (test/database). The rest is in jest.long.config.mjs. Sources stay ES modules. Jest runs them as
 * CommonJS, to which swc also translates `import.meta.url`.
 */
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: "<rootDir>/jest-environment.mjs",
  transform: {
    "\\.(m?js|ts)$": [
      "@swc/jest",
      {
        jsc: {
          parser: { syntax: "typescript", decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: "es2022",
          keepClassNames: true,
        },
        module: { type: "commonjs" },
      },
    ],
  },
  // Packages that ship only ES modules.
  transformIgnorePatterns: [
    "/node_modules/(?!(\\.pnpm|cookie|openid-client|oauth4webapi|jose|p-limit|yocto-queue)/)",
    "/node_modules/\\.pnpm/(?!(cookie|openid-client|oauth4webapi|jose|p-limit|yocto-queue)@)",
  ],
  moduleNameMapper: {
    "^@hallpass/shared$": "<rootDir>/../shared/src/index.ts",
    "^@hallpass/shared/check$": "<rootDir>/../shared/src/check/index.ts",
    "^@hallpass/verifier$": "<rootDir>/../verifier/src/index.ts",
    "^(\\.{1,2}/.*)\\.js$": "$1",
  },
  setupFiles: ["reflect-metadata", "<rootDir>/test/support/errors-of-node.ts"],
};

/** Runs the suites of these folders on the embedded database. */
export const onSqlite = (...folders) => ({
  ...common,
  displayName: "sqlite",
  globals: { engine: "sqlite" },
  testMatch: folders.map((folder) => `<rootDir>/${folder}/*.test.ts`),
});

/** Runs the suites of these folders on one MariaDB started for the run. */
export const onMariadb = (...folders) => ({
  ...onSqlite(...folders),
  displayName: "mariadb",
  globals: { engine: "mariadb" },
  globalSetup: "<rootDir>/test/support/mariadb.ts",
  globalTeardown: "<rootDir>/test/support/mariadb-teardown.ts",
  setupFilesAfterEnv: ["<rootDir>/test/support/skip-without-mariadb.ts"],
});

/** Runs these projects in two workers. */
export const inTwoWorkers = (...projects) => ({
  maxWorkers: 2,
  // Only catches hung tests. The slowest test takes a few seconds, and twenty times as long on a busy machine.
  testTimeout: 300_000,
  projects,
});

export default inTwoWorkers(
  onSqlite("src/**", "test", "test/database", "test/process", "test/sqlite"),
  onMariadb("test/database"),
);

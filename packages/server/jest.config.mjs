/**
 * What `npm test` runs: every suite that is quick on the embedded database, and on MariaDB too what rests on the database
 * itself (test/database). jest.long.config.mjs has the rest.
 * Sources stay ES modules; jest runs them as CommonJS, into which swc also translates `import.meta.url`.
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
    "^(\\.{1,2}/.*)\\.js$": "$1",
  },
  setupFiles: ["reflect-metadata", "<rootDir>/test/support/errors-of-node.ts"],
};

/** The suites of these folders on the embedded database. */
export const onSqlite = (...folders) => ({
  ...common,
  displayName: "sqlite",
  globals: { engine: "sqlite" },
  testMatch: folders.map((folder) => `<rootDir>/${folder}/*.test.ts`),
});

/** The suites of these folders on one MariaDB that is started for the run. */
export const onMariadb = (...folders) => ({
  ...onSqlite(...folders),
  displayName: "mariadb",
  globals: { engine: "mariadb" },
  globalSetup: "<rootDir>/test/support/mariadb.ts",
  globalTeardown: "<rootDir>/test/support/mariadb-teardown.ts",
  setupFilesAfterEnv: ["<rootDir>/test/support/skip-without-mariadb.ts"],
});

/** With these projects. */
export const inTwoWorkers = (...projects) => ({
  maxWorkers: 2,
  // For what hangs. Nothing is promised by it: the slowest test takes a few seconds, and twenty times as long on a busy machine.
  testTimeout: 300_000,
  projects,
});

export default inTwoWorkers(
  onSqlite("src/**", "test", "test/database", "test/process", "test/sqlite"),
  onMariadb("test/database"),
);

/**
 * The suites in test/ run twice, once on each engine, as two jest projects; what needs no server stands in a third.
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

const onEngine = (engine) => ({
  ...common,
  displayName: engine,
  globals: { engine },
  testMatch: ["<rootDir>/test/*.test.ts", `<rootDir>/test/${engine}/*.test.ts`],
});

export default {
  maxWorkers: 2,
  // For what hangs. Nothing is promised by it: the slowest test takes a few seconds, and twenty times as long on a busy machine.
  testTimeout: 300_000,
  projects: [
    {
      ...common,
      displayName: "server",
      globals: { engine: "sqlite" },
      testMatch: ["<rootDir>/src/**/*.test.ts", "<rootDir>/test/process/*.test.ts"],
    },
    onEngine("sqlite"),
    {
      ...onEngine("mariadb"),
      globalSetup: "<rootDir>/test/support/mariadb.ts",
      globalTeardown: "<rootDir>/test/support/mariadb-teardown.ts",
      setupFilesAfterEnv: ["<rootDir>/test/support/skip-without-mariadb.ts"],
    },
  ],
};

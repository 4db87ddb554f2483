/** The whole product in a real Chromium: `pnpm run test:long` in this package. The server and the web app must have been built. */
export default {
  rootDir: import.meta.dirname,
  testEnvironment: "node",
  testMatch: ["<rootDir>/*.test.ts"],
  globalSetup: "<rootDir>/support/check-prerequisites.mjs",
  // A worker has a server and a Chromium of its own.
  maxWorkers: 2,
  testTimeout: 300_000,
  transform: {
    "\\.(mjs|ts)$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
};

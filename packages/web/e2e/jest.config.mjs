/** End-to-end tests in Chromium. Build the server and the web app, then run `pnpm run test:long` in this package. */
export default {
  rootDir: import.meta.dirname,
  testEnvironment: "node",
  testMatch: ["<rootDir>/*.test.ts"],
  globalSetup: "<rootDir>/support/check-prerequisites.mjs",
  // Each worker starts its own server and Chromium.
  maxWorkers: 2,
  testTimeout: 300_000,
  transform: {
    "\\.(mjs|ts)$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
};

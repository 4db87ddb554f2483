/** Packages that ship only ES modules. Jest runs CommonJS. */
const esmOnly = ["@tanstack", "@hallpass"].join("|");

export default {
  testEnvironment: "<rootDir>/jest-environment.mjs",
  roots: ["<rootDir>/src"],
  maxWorkers: 2,
  setupFilesAfterEnv: ["<rootDir>/src/test/setup.ts"],
  transform: {
    "\\.(m?js|tsx?)$": [
      "@swc/jest",
      {
        jsc: {
          parser: { syntax: "typescript", tsx: true },
          transform: { react: { runtime: "automatic" } },
          target: "es2022",
        },
        module: { type: "commonjs" },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!.pnpm/|${esmOnly})`],
  moduleNameMapper: {
    "\\.module\\.css$": "<rootDir>/src/test/css-module.ts",
    "\\.css$": "<rootDir>/src/test/empty.ts",
    "^(\\.{1,2}/.*)\\.js$": "$1",
  },
};

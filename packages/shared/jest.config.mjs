export default {
  displayName: "shared",
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  // For what hangs: properties are tried many times, and a slow machine needs long.
  testTimeout: 300_000,
  roots: ["<rootDir>/src"],
};

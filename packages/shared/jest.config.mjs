export default {
  displayName: "shared",
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  // Only catches hung tests. Properties run many times, which takes long on a slow machine.
  testTimeout: 300_000,
  roots: ["<rootDir>/src"],
};

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { typedDocuments } from "./scripts/typed-documents.mjs";
import { usedColours } from "./scripts/used-colours.mjs";

const server = "http://127.0.0.1:4000";

const everyPage =
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|clsx|tslib|rxjs|graphql|optimism|@wry|@apollo|@tanstack\/(react-router|router-core|history|react-store|store)|@mantine\/core\/esm\/components\/(ActionIcon|Button|CloseButton|Input|Loader|Paper|Portal|Text|TextInput|Title|Transition|UnstyledButton))\//;

/**
 * Two builds into one folder: the app, and (`--mode graphiql`) the API explorer, which the server answers
 * at /graphiql. Built together they would share chunks, and the app's first load would carry parts of the explorer.
 */
export default defineConfig(({ mode }) => {
  const explorer = mode === "graphiql";
  return {
    plugins: [typedDocuments(), usedColours(), react()],
    define: explorer ? { "process.env.NODE_ENV": '"production"' } : {},
    server: {
      proxy: Object.fromEntries(["/graphql", "/icons", "/authorize", "/graphiql"].map((path) => [path, server])),
    },
    build: {
      target: "es2022",
      emptyOutDir: !explorer,
      chunkSizeWarningLimit: 1000,
      rolldownOptions: {
        // One chunk of what every page needs compresses better than twenty, and is kept when the app changes.
        ...(!explorer && { output: { codeSplitting: { groups: [{ name: "base", test: everyPage }] } } }),
        input: explorer ? "graphiql.html" : "index.html",
        // The explorer's libraries carry directives for compilers that do not run here.
        onLog: (level, log, handle) => log.code !== "MODULE_LEVEL_DIRECTIVE" && handle(level, log),
      },
      // A data: URL would need a wider content security policy.
      assetsInlineLimit: 0,
    },
  };
});

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { typedDocuments } from "./scripts/typed-documents.mjs";
import { usedColours } from "./scripts/used-colours.mjs";

const server = "http://127.0.0.1:4000";

const everyPage =
  /src\/lib\/time-zone|node_modules\/(react|react-dom|scheduler|use-sync-external-store|clsx|tslib|rxjs|graphql|optimism|@wry|@apollo|@tanstack\/(react-router|router-core|history|react-store|store)|@mantine\/core\/esm\/components\/(ActionIcon|Button|CloseButton|Input|Loader|Paper|Portal|Text|TextInput|Title|Transition|UnstyledButton))\//;

/** Loads the small script of src/start.ts before the app's own, which is a hundred times larger. */
function startScript(): Plugin {
  return {
    name: "hallpass:start-script",
    transformIndexHtml: (_html, { bundle }) => {
      const chunk = Object.values(bundle ?? {}).find((each) => each.type === "chunk" && each.name === "start");
      const src = chunk ? `/${chunk.fileName}` : "/src/start.ts";
      return [{ tag: "script", attrs: chunk ? { src } : { type: "module", src }, injectTo: "head-prepend" }];
    },
  };
}

/**
 * Two builds into one folder: the app and, with `--mode graphiql`, the API explorer, which the server serves at
 * /graphiql. In a single build they would share chunks, and the app's first load would include parts of the explorer.
 */
export default defineConfig(({ mode }) => {
  const explorer = mode === "graphiql";
  return {
    plugins: [typedDocuments(), usedColours(), react(), ...(explorer ? [] : [startScript()])],
    define: explorer ? { "process.env.NODE_ENV": '"production"' } : {},
    server: {
      proxy: Object.fromEntries(["/graphql", "/icons", "/authorize", "/graphiql"].map((path) => [path, server])),
    },
    build: {
      target: "es2022",
      emptyOutDir: !explorer,
      chunkSizeWarningLimit: 1000,
      rolldownOptions: {
        // One chunk for every page's dependencies compresses better than twenty, and stays cached when the app changes.
        // It includes lib/time-zone, which would otherwise be a separate request.
        ...(!explorer && { output: { codeSplitting: { groups: [{ name: "base", test: everyPage }] } } }),
        input: explorer ? "graphiql.html" : { index: "index.html", start: "src/start.ts" },
        // The explorer's libraries contain directives for compilers not used here.
        onLog: (level, log, handle) => log.code !== "MODULE_LEVEL_DIRECTIVE" && handle(level, log),
      },
      // A data: URL would require a looser content security policy.
      assetsInlineLimit: 0,
    },
  };
});

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = "http://127.0.0.1:4000";

export default defineConfig({
  plugins: [react()],
  server: {
    proxy: Object.fromEntries(["/graphql", "/icons", "/authorize", "/graphiql"].map((path) => [path, server])),
  },
  build: {
    target: "es2022",
    // The server answers /graphiql with graphiql.html, so the explorer never weighs on the app's first load.
    rollupOptions: { input: ["index.html", "graphiql.html"] },
    // A data: URL would need a wider content security policy.
    assetsInlineLimit: 0,
  },
});

// Builds the three pages. Names carry their content's hash; nothing is inlined, for the pages' policy forbids it.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/",
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { desk: "desk.html", board: "board.html", team: "team.html", "onduty-status": "src/onduty_status.ts" },
      output: {
        // Other sites' pages name this one file: its name does not change.
        entryFileNames: (chunk) => (chunk.name === "onduty-status" ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
  },
});

import { defineConfig } from "vite";

import { hostExternals } from "./build/externals.ts";
import { ROOT, shared } from "./build/shared.ts";
import { stylesInScript } from "./build/styles.ts";

/**
 * The bundle that runs inside Airflow's page: built, or served to a real Airflow while developing. There is
 * no React plugin here: the host's React is a production build, in which Fast Refresh has no place.
 */
export default defineConfig({
  ...shared,
  // Serve modules only: the page is Airflow's. The standalone page has a configuration of its own.
  appType: "custom",
  base: "./",
  // Apart from the others: their React is another one.
  cacheDir: "../node_modules/.vite/airflow",
  build: {
    emptyOutDir: true,
    manifest: true,
    license: { fileName: "THIRD_PARTY_LICENSES.md" },
    modulePreload: false,
    outDir: "../plugin/windsock/static",
    reportCompressedSize: true,
    rollupOptions: {
      input: "src/main.tsx",
      output: {
        assetFileNames: "assets/[name]-[hash][extname]",
        chunkFileNames: "assets/[name]-[hash].js",
        entryFileNames: "assets/[name]-[hash].js",
        format: "es",
      },
      // React libraries mark their modules "use client", which means nothing here.
      checks: { moduleLevelDirective: false },
      // The host's globals are plain objects: reading one does nothing, so unused names can go.
      treeshake: { propertyReadSideEffects: false },
    },
    sourcemap: false,
    target: "es2022",
  },
  optimizeDeps: {
    // Found by themselves only once a page imports them, and a late find reloads Airflow's page.
    include: [
      "@base-ui/react/combobox",
      "@base-ui/react/dialog",
      "@base-ui/react/menu",
      "@base-ui/react/popover",
      "@tanstack/react-query",
      "@tanstack/react-virtual",
      "openapi-fetch",
    ],
    rolldownOptions: { plugins: [hostExternals()] },
  },
  plugins: [hostExternals(), stylesInScript(ROOT)],
  server: { cors: { origin: /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/ }, host: "127.0.0.1", port: 5173, strictPort: true },
});

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { shared } from "./build/shared.ts";

export default defineConfig({
  ...shared,
  cacheDir: "../node_modules/.vite/tests",
  plugins: [react()],
  test: {
    css: true,
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "http://airflow.test/" } },
    include: ["src/**/*.test.{ts,tsx}", "build/**/*.test.ts"],
    restoreMocks: true,
    setupFiles: ["src/test/setup.ts"],
    testTimeout: 15_000,
  },
});

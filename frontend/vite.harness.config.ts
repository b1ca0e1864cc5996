import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { shared } from "./build/shared.ts";

const airflow = process.env.WINDSOCK_AIRFLOW_URL ?? "http://127.0.0.1:8080";
const toAirflow = { changeOrigin: true, target: airflow };

/** The pages outside Airflow, with a React of their own and Fast Refresh, on the data of a running Airflow. */
export default defineConfig({
  ...shared,
  // Apart from the others: their React is another one.
  cacheDir: "../node_modules/.vite/harness",
  plugins: [react()],
  server: {
    host: "127.0.0.1",
    port: 5174,
    proxy: { "/api": toAirflow, "/windsock": toAirflow },
    strictPort: true,
  },
});

import { fileURLToPath } from "node:url";
import type { UserConfig } from "vite";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What the bundle, the harness and the tests have in common. */
export const shared = {
  css: {
    lightningcss: { cssModules: { pattern: "ws-[local]-[hash]" } },
    transformer: "lightningcss",
  },
  resolve: { alias: { src: `${ROOT}src` } },
  root: ROOT,
} satisfies UserConfig;

import { createRequire } from "node:module";
import type { Plugin } from "vite";

/**
 * What Airflow's page already has, and under which global name. Each is replaced by a small module over
 * that global, so that the bundle never carries a second React.
 */
export const HOST_GLOBALS = {
  react: "React",
  "react-dom": "ReactDOM",
  "react-router-dom": "ReactRouterDOM",
  "react/jsx-runtime": "ReactJSXRuntime",
} as const;

const PREFIX = "\0host:";
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const require = createRequire(import.meta.url);

/** The names that a package exports, so that `import { useState }` works on the shim. */
const namesOf = (name: string): ReadonlyArray<string> =>
  Object.keys(require(name) as object).filter((key) => key !== "default" && IDENTIFIER.test(key));

const shimOf = (name: string, globalName: string): string => {
  const names = namesOf(name);

  return [
    `const host = globalThis.${globalName};`,
    "export default host;",
    ...names.map((key) => `const _${key} = host.${key};`),
    `export { ${names.map((key) => `_${key} as ${key}`).join(", ")} };`,
  ].join("\n");
};

// The host's React is a production build without jsxDEV; a development build of ours calls for it.
const JSX_DEV_RUNTIME = `
const { Fragment, jsx, jsxs } = globalThis.ReactJSXRuntime;
export { Fragment };
export const jsxDEV = (type, props, key, isStatic) => (isStatic ? jsxs : jsx)(type, props, key);
`;

// React 18+ has the hook itself; the published shim is CommonJS and would need React at evaluation.
const SYNC_EXTERNAL_STORE = `
import { useSyncExternalStore } from "react";
export { useSyncExternalStore };
export default { useSyncExternalStore };
`;

const shims: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(
    Object.entries(HOST_GLOBALS).map(([name, globalName]) => [name, () => shimOf(name, globalName)]),
  ),
  "react/jsx-dev-runtime": () => JSX_DEV_RUNTIME,
  "use-sync-external-store/shim": () => SYNC_EXTERNAL_STORE,
};

/** Resolves the host's packages to shims, and refuses what must never be in the bundle. */
export const hostExternals = (): Plugin => ({
  enforce: "pre",
  load(id) {
    const shim = id.startsWith(PREFIX) ? shims[id.slice(PREFIX.length)] : undefined;

    return shim === undefined ? undefined : { code: shim(), moduleSideEffects: false };
  },
  name: "windsock:host-externals",
  resolveId(source) {
    if (source.startsWith("react-dom/")) {
      throw new Error(`${source} must not be in the bundle: the host renders, with its own React`);
    }

    return source in shims ? `${PREFIX}${source}` : undefined;
  },
});

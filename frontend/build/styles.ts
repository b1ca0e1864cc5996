import { readFile } from "node:fs/promises";
import path from "node:path";
import { browserslistToTargets, transform } from "lightningcss";
import type { Plugin } from "vite";

const PREFIX = "\0styles:";
// Without the suffix, Vite would take the module for CSS.
const SUFFIX = ".js";

const targets = browserslistToTargets(["chrome 120", "firefox 120", "safari 17"]);

/**
 * Makes CSS part of the JavaScript that needs it. The host imports one ES module and knows of no style
 * sheet, so a separate file would never be loaded; and as a part of the code it counts in the content hash.
 */
export const stylesInScript = (root: string): Plugin => ({
  apply: "build",
  enforce: "pre",
  async load(id) {
    if (!id.startsWith(PREFIX)) {
      return undefined;
    }
    const file = id.slice(PREFIX.length, -SUFFIX.length);
    this.addWatchFile(file);
    const { code, exports } = transform({
      code: await readFile(file),
      cssModules: file.endsWith(".module.css") ? { pattern: "ws-[local]-[hash]" } : false,
      // Class names are hashed from this name: a relative one gives the same bundle in every checkout.
      filename: path.relative(root, file),
      minify: true,
      targets,
    });
    const names = Object.fromEntries(
      Object.entries(exports ?? {})
        .sort(([left], [right]) => left.localeCompare(right))
        .map(([local, { composes, name }]) => [local, [name, ...composes.map((one) => one.name)].join(" ")]),
    );

    return [
      'import { adoptStyles } from "src/host/styles";',
      `adoptStyles(${JSON.stringify(code.toString())});`,
      `export default ${JSON.stringify(names)};`,
    ].join("\n");
  },
  name: "windsock:styles-in-script",
  async resolveId(source, importer, options) {
    if (!source.endsWith(".css")) {
      return undefined;
    }
    const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });

    return resolved === null ? undefined : `${PREFIX}${resolved.id}${SUFFIX}`;
  },
});

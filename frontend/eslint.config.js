import js from "@eslint/js";
import query from "@tanstack/eslint-plugin-query";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

// Everything known about Airflow's page lives in src/host: the rest asks there.
const HOST_ONLY = ["globalThis", "window", "document", "localStorage", "sessionStorage", "location", "history"].map(
  (name) => ({ message: "Only src/host may touch the host's page: add what you need there.", name }),
);

export default tseslint.config(
  { ignores: ["src/api/schema.d.ts", "node_modules"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...query.configs["flat/recommended"],
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "@typescript-eslint/array-type": ["error", { default: "generic" }],
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      eqeqeq: "error",
      // Says only that the React compiler, which is not used, would leave a component alone.
      "react-hooks/incompatible-library": "off",
      "no-restricted-globals": ["error", ...HOST_ONLY],
      "no-restricted-syntax": [
        "error",
        {
          message: "Props are readonly.",
          selector: "TSTypeAliasDeclaration[id.name=/Props$/] TSPropertySignature:not([readonly=true])",
        },
      ],
    },
  },
  { files: ["src/host/**"], rules: { "no-restricted-globals": "off" } },
  {
    files: ["build/**", "harness/**", "src/test/**", "**/*.test.{ts,tsx}", "*.ts"],
    rules: {
      "@typescript-eslint/consistent-type-assertions": "off",
      // The JSON of a fake answer may be anything.
      "@typescript-eslint/no-unsafe-argument": "off",
      "no-restricted-globals": "off",
    },
  },
  { extends: [tseslint.configs.disableTypeChecked], files: ["eslint.config.js"] },
);

import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules", "**/dist"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
    },
  },
  {
    // Moodle's own rules for its modules, as far as they are rules of the language.
    files: ["**/amd/src/*.js"],
    languageOptions: { globals: { clearTimeout: "readonly", CSS: "readonly", document: "readonly", performance: "readonly", setTimeout: "readonly", window: "readonly", M: "readonly" } },
    rules: {
      "block-scoped-var": "error",
      complexity: "error",
      "consistent-return": "error",
      curly: "error",
      "dot-notation": "error",
      eqeqeq: "error",
      "max-len": ["error", { code: 132 }],
      "no-alert": "error",
      "no-console": "error",
      "no-else-return": "error",
      "no-eval": "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-unused-expressions": "error",
      "no-use-before-define": ["error", { functions: false, variables: false }],
      "prefer-const": "error",
    },
  },
  { files: ["**/*.mjs", "**/*.js"], languageOptions: { globals: { Buffer: "readonly", console: "readonly", process: "readonly" } } },
);

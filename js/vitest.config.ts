import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{protocol,relay,controller,web,browser}/**/*.test.ts"],
    reporters: ["default"],
    silent: "passed-only",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    // A browser and two cores: files run one after the other, so that no claim depends on load.
    fileParallelism: false,
  },
});

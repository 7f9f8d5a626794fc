import { defineConfig } from "vitest/config";

// Deno runs the workers; only `forks` works there (threads lack parentPort.removeAllListeners).
export default defineConfig({
  test: {
    pool: "forks",
    globalSetup: "./tests/support/build-tools.ts",
    reporters: ["default", "./tests/support/plain-summary.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/pipelines/**", "tests/rehearsal/**"],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        // Each file brings up a broker, a database and the pipelines: one at a time on two cores.
        test: {
          name: "pipelines",
          include: ["tests/pipelines/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        // Each file brings up a control plane of its own: one at a time on two cores.
        test: {
          name: "rehearsal",
          include: ["tests/rehearsal/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});

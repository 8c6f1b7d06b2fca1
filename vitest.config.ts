import { defineConfig } from 'vitest/config';

const FOLDERS = '{harness,scenarios,target,reports,scripts}';

export default defineConfig({
  test: {
    globalSetup: ['scripts/build-once.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    maxConcurrency: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${FOLDERS}/**/*.test.ts`],
          exclude: ['**/*.e2e.test.ts', '**/node_modules/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole runs of the compiled command, one file at a time: they measure, and must not disturb each other.
        extends: true,
        test: {
          name: 'e2e',
          include: [`${FOLDERS}/**/*.e2e.test.ts`],
          fileParallelism: false,
          testTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const FOLDERS = '{harness,scenarios,target,reports,scripts}';

/** End-to-end tests whose verdicts rest on what they measure. */
const MEASURING = [
  'scenarios/{udp-flood,matrix}.e2e.test.ts',
  'harness/commands/run/{native-target,inspect}.e2e.test.ts',
  'harness/commands/watch/watch.e2e.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['scripts/build-once.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    maxConcurrency: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${FOLDERS}/**/*.test.ts`],
          exclude: ['**/*.e2e.test.ts', '**/node_modules/**'],
          // Of two cores vitest would use one.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole runs of the compiled command. Those that measure go one at a time: they must not disturb each other.
        extends: true,
        test: {
          name: 'measure',
          include: MEASURING,
          fileParallelism: false,
          testTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Those that ask for an exit code or a message may share the machine.
        extends: true,
        test: {
          name: 'e2e',
          include: [`${FOLDERS}/**/*.e2e.test.ts`],
          exclude: [...MEASURING, '**/node_modules/**'],
          maxWorkers: 3,
          testTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'formats', include: ['packages/formats/test/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'controls', include: ['packages/controls/test/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'client',
          include: ['packages/client/test/**/*.test.ts'],
          globalSetup: ['packages/server/test/support/outside-postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      { test: { name: 'verify', include: ['packages/verify/test/**/*.test.ts'] } },
      {
        test: {
          name: 'server',
          include: ['packages/server/test/**/*.test.ts'],
          globalSetup: ['packages/server/test/support/outside-postgres.ts'],
          // Files share two processes: to load the server anew for each would take longer than most of them.
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'dashboard',
          include: ['packages/dashboard/test/**/*.test.ts'],
          globalSetup: ['packages/dashboard/test/support/scene.ts'],
          // One browser and one server for all of them.
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: 'cli', include: ['packages/cli/test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 } },
    ],
  },
});

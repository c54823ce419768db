/** How the tests run: `unit` in process on real PostgreSQL, `e2e` against the built server in processes of its own. */
import { defineConfig } from 'vitest/config';

const tests = 'packages/server/test';
// Files share their process, one behind the other: to load what all of them need took a tenth of the run.
const everywhere = { pool: 'forks', isolate: false, retry: 0, setupFiles: [`${tests}/support/each-file.ts`] } as const;

export default defineConfig({
  test: {
    // Two cores: more files at once make the tests that start servers slower, not the run faster.
    maxWorkers: 2,
    // Once for both projects: what it provides at the root, all of them see.
    globalSetup: `${tests}/support/global-setup.ts`,
    projects: [
      {
        test: {
          ...everywhere,
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'packages/create/templates/*/test/*.test.ts'],
          exclude: ['packages/*/test/e2e/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'e2e',
          include: ['packages/*/test/e2e/**/*.test.ts'],
          testTimeout: 400_000,
          hookTimeout: 200_000,
        },
      },
    ],
  },
});

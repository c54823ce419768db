/** Tests of what needs Node.js 22: the tests run on the Node.js at hand, the servers on that of this folder. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const support = 'packages/server/test/support';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['packages/server/test/node22/*.node22.ts'],
    pool: 'forks',
    maxWorkers: 1,
    globalSetup: `${support}/global-setup.ts`,
    setupFiles: [`${support}/outcome.ts`],
    testTimeout: 400_000,
    hookTimeout: 200_000,
  },
});

/** How long pages take with much in the database; the figures are printed. */
import { defineConfig } from 'vitest/config';

const support = `${import.meta.dirname}/../../server/test/support`;

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    pool: 'forks',
    include: ['measurements/*.measure.ts'],
    globalSetup: [`${support}/global-setup.ts`],
    setupFiles: [`${support}/each-file.ts`],
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});

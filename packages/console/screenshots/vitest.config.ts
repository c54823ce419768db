/** `npm run screenshots`: every page, in light and dark, wide and narrow, from a server of its own. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    pool: 'forks',
    include: ['screenshots/*.shots.ts'],
    globalSetup: [`${import.meta.dirname}/../../server/test/support/global-setup.ts`],
    setupFiles: [`${import.meta.dirname}/../../server/test/support/each-file.ts`],
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});

/** `npm run packages`: what installs many projects, and takes longer than others should wait for. */
import { defineConfig } from 'vitest/config';

const support = `${import.meta.dirname}/../../../server/test/support`;

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    pool: 'forks',
    maxWorkers: 1,
    include: ['packages/*.packages.ts'],
    globalSetup: [`${support}/global-setup.ts`],
    setupFiles: [`${support}/each-file.ts`],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    provide: {
      packages: {
        registry: { url: process.env.CONTINUO_TEST_REGISTRY ?? '' },
        before: process.env.CONTINUO_TEST_BEFORE ?? '',
      },
    },
  },
});

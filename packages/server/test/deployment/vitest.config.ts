/** `npm run deployment -w @continuo/server`: what of `deploy/` needs programs that a machine may not have. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { certificate } from '../support/certificate.js';

// Node reads it when a process starts: clients in the tests trust the proxies' certificate.
const trusted = join(mkdtempSync(join(tmpdir(), 'continuo-test-trusted-')), 'localhost.pem');
writeFileSync(trusted, certificate);
process.env.NODE_EXTRA_CA_CERTS = trusted;

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    pool: 'forks',
    maxWorkers: 1,
    include: ['deployment/*.deployment.ts'],
    globalSetup: ['support/global-setup.ts'],
    setupFiles: ['support/each-file.ts'],
    testTimeout: 300_000,
    hookTimeout: 200_000,
  },
});

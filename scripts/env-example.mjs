/** Writes `.env.example` from the schema of the environment; with --check, only says whether it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, prepared, root } from './prepare.mjs';

prepared(() => {
  ensureInstalled();
  ensureBuilt();
});
const { renderEnvExample } = await import('../packages/server/dist/platform/env-example.js');

const path = join(root, '.env.example');
const wanted = renderEnvExample();
if (!process.argv.includes('--check')) {
  writeFileSync(path, wanted);
} else if (read() !== wanted) {
  console.error('.env.example is stale. Run: node scripts/env-example.mjs');
  process.exitCode = 1;
}

function read() {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

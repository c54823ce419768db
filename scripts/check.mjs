/** `npm run check`: everything that can be judged without running the product, in order, up to the first failure. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, prepared, root } from './prepare.mjs';

/** A program of node_modules, with its arguments. */
const tool = (name, ...args) => [join(root, 'node_modules/.bin', name), args];
const node = (...args) => [process.execPath, args];

const steps = [
  { name: 'format', run: tool('oxfmt', '--check'), mend: 'npx oxfmt' },
  { name: 'lint', run: tool('oxlint'), mend: 'npx oxlint --fix, then by hand' },
  { name: 'types', run: tool('tsc', '-b'), mend: 'npx tsc -b shows them again' },
  {
    name: '.env.example',
    run: node('scripts/env-example.mjs', '--check'),
    mend: 'node scripts/env-example.mjs, and commit it',
  },
  {
    name: 'API client',
    run: node('scripts/api-client.mjs', '--check'),
    mend: 'node scripts/api-client.mjs, and commit it',
  },
  {
    name: 'table of metrics',
    run: node('scripts/metrics-table.mjs', '--check'),
    mend: 'node scripts/metrics-table.mjs, and commit it',
  },
  { name: 'API reference', run: node('scripts/docs.mjs', '--check'), mend: 'write what each line misses' },
  { name: 'unused code', run: tool('knip'), mend: 'npx knip --fix, then by hand' },
  { name: 'licences', run: node('scripts/licenses.mjs', '--check'), mend: 'npm run licenses, and commit it' },
  { name: 'known weaknesses', run: node('scripts/audit.mjs'), mend: 'npm audit fix, or another version', tell: true },
  { name: 'house rules', run: node('scripts/check-house-rules.mjs'), mend: 'by hand, as each line says' },
];

prepared(ensureInstalled);
for (const { name, run, mend, tell } of steps) {
  const start = performance.now();
  const result = spawnSync(...run, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (result.status !== 0) {
    process.stdout.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`);
    console.log(`✗ ${name} (${seconds} s). To mend it: ${mend}`);
    process.exit(1);
  }
  console.log(`✓ ${name} (${seconds} s)`);
  if (tell) process.stdout.write(result.stdout);
}

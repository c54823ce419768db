/** `npm run golden -w @continuo/server`: keeps a database with open tasks of every kind as the golden dump of this version. */
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../packages/server/package.json', import.meta.url), 'utf8'));
process.env.GOLDEN_VERSION = version;
process.argv.splice(2, process.argv.length, 'packages/server/test/e2e/golden.test.ts');
await import('./test.mjs');

/** `npm run bench`: builds what is stale, then measures Continuo side by side with @a2a-js/sdk. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, ensureInstalled, prepared } from './prepare.mjs';

prepared(() => {
  ensureInstalled();
  ensureBuilt();
});
const main = fileURLToPath(new URL('../bench/src/main.mjs', import.meta.url));
const child = spawn(process.execPath, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
child.once('exit', (code) => (process.exitCode = code ?? 1));

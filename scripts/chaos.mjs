/** `npm run chaos`, `npm run failover` and their like of the server: builds what is stale, then runs the script of packages/server/chaos. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, prepared, root } from './prepare.mjs';

prepared(() => {
  ensureInstalled();
  ensureBuilt();
});
const [name, ...options] = process.argv.slice(2);
const script = join(root, 'packages/server/chaos', `${name}.mjs`);
const child = spawn(process.execPath, [script, ...options], { stdio: 'inherit' });
// Ctrl-C reaches the script as well, which knows how to end.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => (process.exitCode = code ?? 1));

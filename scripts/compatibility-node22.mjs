/** `npm run compatibility:node22`: tries what needs Node.js 22 on a Node.js 22 of its own, which it installs if need be. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  ensureBuilt,
  ensureConsoleBuilt,
  ensureInstalled,
  isInstalledIn,
  prepared,
  root,
  spawnNpm,
} from './prepare.mjs';

const folder = join(root, 'compatibility/node22');
const run = (...words) => spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' }).status ?? 1;

prepared(() => {
  ensureInstalled();
  ensureBuilt();
  ensureConsoleBuilt();
});

if (!isInstalledIn(folder)) {
  // Its packages would warn of the Node.js at hand, which does not run them.
  console.error('Installing Node.js 22 and what runs on it (npm ci) …');
  const words = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnNpm(words, { cwd: folder, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

const vitest = join(root, 'node_modules/vitest/vitest.mjs');
process.exitCode = run(vitest, 'run', '--config', join(folder, 'vitest.config.mjs'), ...process.argv.slice(2));

/** `npm run screenshots`: builds what is stale, then takes pictures of every page of the console. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureConsoleBuilt, ensureInstalled, prepared, root } from './prepare.mjs';

prepared(() => {
  ensureInstalled();
  ensureBuilt();
  ensureConsoleBuilt();
});
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const config = join(root, 'packages/console/screenshots/vitest.config.ts');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', config], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;

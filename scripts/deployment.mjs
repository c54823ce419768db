/** `npm run deployment -w @continuo/server [-- nginx caddy pgbouncer prometheus]`: built servers behind the proxies of this machine and under its Prometheus, as `deploy/` has them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureConsoleBuilt, ensureInstalled, prepared, root } from './prepare.mjs';

prepared(() => {
  ensureInstalled();
  ensureBuilt();
  ensureConsoleBuilt();
});
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const config = join(root, 'packages/server/test/deployment/vitest.config.ts');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', config, ...process.argv.slice(2)], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
});
process.exitCode = status ?? 1;

/** `npm run packages [-- vitest's arguments]`: the packages as others get them, in projects outside of this repository, at length. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBuilt, ensureConsoleBuilt, ensureInstalled, prepared, root } from './prepare.mjs';

prepared(() => {
  ensureInstalled();
  ensureBuilt();
  ensureConsoleBuilt();
});

/** The version that projects are upgraded from: it comes before the one of the repository. */
const before = '0.0.9';
const registry = spawn(process.execPath, [join(root, 'scripts/registry.mjs'), '--before', before], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [line] = await Promise.race([
  once(createInterface(registry.stdout), 'line'),
  once(registry, 'exit').then(([code]) => {
    throw new Error(`the registry ended with ${code}; see above`);
  }),
]);
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const config = join(root, 'packages/create/test/packages/vitest.config.ts');
const tests = spawn(process.execPath, [vitest, 'run', '--config', config, ...process.argv.slice(2)], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, CONTINUO_TEST_REGISTRY: JSON.parse(line).url, CONTINUO_TEST_BEFORE: before },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => tests.kill(signal));
const [code] = await once(tests, 'exit');
registry.stdin.end();
process.exitCode = code ?? 1;

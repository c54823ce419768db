/** What releases are checked with (release/package.json): of no use to whoever runs the server, so installed when it is first used. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PreparationError, root, spawnNpm } from './prepare.mjs';

const directory = join(root, 'release');
/** Holds the hash of the lock file that the tools were installed from. */
const stamp = join(directory, 'node_modules/.continuo-installed');

/** Finds modules of the tools: `resolve('verdaccio')`. */
export const { resolve: resolveTool } = createRequire(join(directory, 'package.json'));

/** Runs `npm ci` for the tools unless they are there. Throws when npm fails. */
export function ensureReleaseTools() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(directory, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing what releases are checked with (release/) …');
  const { status } = spawnNpm(['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: directory,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new PreparationError('npm ci failed in release/; see above.');
  writeFileSync(stamp, wanted);
}

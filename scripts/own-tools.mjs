/** Tools with a package.json of their own (release/, reference/): of no use to whoever runs the server, so installed when they are first used. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PreparationError, root, spawnNpm } from './prepare.mjs';

/** Where a module of a folder's tools is: `resolveTool('release', 'verdaccio')`. */
export function resolveTool(folder, module) {
  return createRequire(join(root, folder, 'package.json')).resolve(module);
}

/** Runs `npm ci` in the folder unless its tools are there. Throws when npm fails. */
export function ensureTools(folder) {
  const directory = join(root, folder);
  // Holds the hash of the lock file that the tools were installed from.
  const stamp = join(directory, 'node_modules/.continuo-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(directory, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error(`Installing the tools of ${folder}/ …`);
  const { status } = spawnNpm(['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: directory,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new PreparationError(`npm ci failed in ${folder}/; see above.`);
  writeFileSync(stamp, wanted);
}

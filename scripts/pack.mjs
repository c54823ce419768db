/** `node scripts/pack.mjs <directory>`: makes the tarballs of all public packages there, and tells of them as JSON. */
import { resolve } from 'node:path';
import { packAll } from './packing.mjs';
import { ensureBuilt, ensureConsoleBuilt, PreparationError, prepared } from './prepare.mjs';

const [into] = process.argv.slice(2);

prepared(() => {
  if (into === undefined)
    throw new PreparationError('Say where the tarballs shall be: node scripts/pack.mjs <directory>');
  ensureBuilt();
  ensureConsoleBuilt();
  process.stdout.write(`${JSON.stringify(packAll(resolve(into)))}\n`);
});

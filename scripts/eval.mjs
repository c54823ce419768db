/** `npm run eval` of the server: builds what is stale, then becomes packages/server/src/evaluation/eval-command.ts. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, loadDotEnv, prepared, root } from './prepare.mjs';

prepared(() => {
  ensureInstalled();
  ensureBuilt();
});
// Where `npm start` runs: its .env, its data directory and paths below it are meant.
process.chdir(root);
loadDotEnv();
await import(pathToFileURL(join(root, 'packages/server/dist/evaluation/eval-command.js')).href);

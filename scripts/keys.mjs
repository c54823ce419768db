/** `npm run keys` of the server: builds what is stale, then becomes packages/server/src/auth/keys-command.ts. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, loadDotEnv, prepared, root } from './prepare.mjs';

prepared(() => {
  ensureInstalled();
  ensureBuilt();
});
// Where `npm start` runs: its .env and its data directory are meant.
process.chdir(root);
loadDotEnv();
await import(pathToFileURL(join(root, 'packages/server/dist/auth/keys-command.js')).href);

/** `npm start`: installs and builds what is missing, then becomes the server. */
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureConsoleBuilt, ensureInstalled, loadDotEnv, prepared, serverMain } from './prepare.mjs';

prepared(() => {
  ensureInstalled();
  ensureBuilt();
  ensureConsoleBuilt();
});
loadDotEnv();
process.setSourceMapsEnabled(true);
// In this process and not in a child: signals, the exit code and a kill -9 reach the server itself.
process.argv[1] = serverMain;
await import(pathToFileURL(serverMain).href);

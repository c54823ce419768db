/** `npm start`: installs and builds what is missing, then becomes the server. */
import { pathToFileURL } from 'node:url';
import {
  ensureBuilt,
  ensureBundled,
  ensureConsoleBuilt,
  ensureInstalled,
  loadDotEnv,
  prepared,
  programOf,
  serverMain,
} from './prepare.mjs';

const usage = `npm start: installs and builds what is missing, then runs the server.

It takes no options. Settings are environment variables, or lines of a file .env: .env.example has them all.
  PORT=4300 npm start            on another port
  DATABASE_URL=postgres://… npm start   on a PostgreSQL of yours`;

const given = process.argv.slice(2);
if (given.length > 0) {
  const isHelp = given.every((word) => ['--help', '-h', 'help'].includes(word));
  console.error(isHelp ? usage : `There is no option ${given.join(' ')}.\n\n${usage}`);
  process.exit(isHelp ? 0 : 1);
}

prepared(() => {
  ensureInstalled();
  ensureBuilt();
  ensureConsoleBuilt();
});
loadDotEnv();
const program = programOf(process.env.CONTINUO_AGENT_PACKAGES);
if (program !== serverMain) prepared(() => ensureBundled('program'));
// Node itself would read the map of every module as it is loaded, which takes longer than most modules do.
const { default: sourceMaps } = await import('@cspotcode/source-map-support');
sourceMaps.install({ hookRequire: false, handleUncaughtExceptions: false });
// In this process and not in a child: signals, the exit code and a kill -9 reach the server itself.
process.argv[1] = program;
await import(pathToFileURL(program).href);

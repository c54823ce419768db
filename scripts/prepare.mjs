/** What has to be true before anything runs: the dependencies are installed and the sources are built. Needs Node alone. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const serverMain = join(root, 'packages/server/dist/main.js');
export const bundles = join(root, 'packages/server/dist-bundles');

/** The packages of agents that the program which `npm start` runs is made with. */
const PACKAGES = '@continuo/swarm';

const lock = join(root, 'package-lock.json');
const modules = join(root, 'node_modules');
/** Holds the hash of the package-lock.json that node_modules was installed from. */
const installStamp = join(modules, '.continuo-installed');
/** Its modification time is the moment the last good build began. */
const buildStamp = join(modules, '.continuo-built');

/** Runs `npm ci` unless node_modules belongs to this package-lock.json. Throws when npm fails. */
export function ensureInstalled() {
  const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (readOr(installStamp, '') === wanted) return;
  if (!installedByHand()) {
    console.error('Installing the dependencies (npm ci) …');
    npm(['ci', '--no-audit', '--no-fund']);
  }
  writeFileSync(installStamp, wanted);
}

/** Runs `tsc -b` if a source is newer than the last build. Returns whether it built. Throws when it does not compile. */
export function ensureBuilt() {
  const complete = existsSync(serverMain) && existsSync(buildStamp);
  if (complete && newestSource() <= statSync(buildStamp).mtimeMs) return false;
  console.error('Building the server …');
  if (!build()) throw new PreparationError('The sources do not compile; see above.');
  return true;
}

/** Compiles what has changed; whether it did is the answer. The compiler prints what is wrong. */
export function build() {
  const began = new Date();
  // The build info outlives a dist/ that was removed by hand, and the compiler believes it.
  const force = existsSync(serverMain) ? [] : ['--force'];
  rmSync(buildStamp, { force: true });
  const { status } = spawnSync(process.execPath, [join(modules, 'typescript/bin/tsc'), '-b', ...force], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) return false;
  writeFileSync(buildStamp, '');
  utimesSync(buildStamp, began, began);
  return true;
}

/**
 * Puts the server, or the servers of end-to-end tests, together into few files unless that has been done since the last
 * build and installation. `kind`: see bundle.mjs. Throws when that fails.
 */
export function ensureBundled(kind) {
  const stamp = join(bundles, kind, 'made');
  const bundler = join(root, 'scripts/bundle.mjs');
  // The compiler writes one for each package whose modules it has written.
  const builds = ['agent', 'client', 'server', 'swarm'].map((name) => `packages/${name}/tsconfig.tsbuildinfo`);
  const made = [...builds, 'scripts/program.mjs'].map((path) => changedAt(join(root, path)));
  const servers = ['server', 'console'].map((name) => join(root, 'packages', name, 'test/support'));
  const parts = kind === 'program' ? made : [...made, ...servers.map((path) => newestIn(path, /js$/))];
  if (Math.max(...parts, changedAt(bundler), changedAt(installStamp)) < changedAt(stamp)) return;
  const began = new Date();
  const { status } = spawnSync(process.execPath, [bundler, kind], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new PreparationError('The server could not be bundled; see above.');
  writeFileSync(stamp, '');
  utimesSync(stamp, began, began);
}

/** What runs the server: the bundle, unless there are agents of other packages, whose Continuo is the one in node_modules. */
export function programOf(packages = PACKAGES) {
  return packages === PACKAGES ? join(bundles, 'program/main.js') : serverMain;
}

/** Makes the console's static files if one of its sources is newer than they are; the server is built. Throws when that fails. */
export function ensureConsoleBuilt() {
  const directory = join(root, 'packages/console');
  const built = changedAt(join(directory, 'dist/index.html'));
  const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json', '../client/src'];
  if (Math.max(...sources.map((name) => newestIn(join(directory, name), /./))) <= built) return;
  console.error('Building the console …');
  const vite = join(modules, 'vite/bin/vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: directory,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new PreparationError('The console does not build; see above.');
}

/** When a source, or a directory of sources, last changed; in milliseconds since 1970. */
export function newestSource() {
  let newest = 0;
  const look = (path) => (newest = Math.max(newest, newestIn(path, /\.(ts|tsx|json)$/)));
  for (const name of ['tsconfig.json', 'tsconfig.base.json']) look(join(root, name));
  for (const name of readdirSync(join(root, 'packages'))) {
    const directory = join(root, 'packages', name);
    for (const part of ['src', 'test', 'tsconfig.json', 'package.json']) look(join(directory, part));
  }
  return newest;
}

/** The same for one file or directory; only files whose path matches count. */
function newestIn(path, counted) {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return counted.test(path) ? found.mtimeMs : 0;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name), counted)));
}

/** Puts the variables of `.env` in the current directory into the environment; what is set already wins. */
export function loadDotEnv() {
  if (existsSync('.env')) process.loadEnvFile('.env');
  // The server knows no packages that are built on it; this repository does.
  process.env.CONTINUO_AGENT_PACKAGES ||= PACKAGES;
}

/** Builds what is stale, then becomes a command of the server: `path` below its dist/. */
export async function becomeCommand(path) {
  prepared(() => {
    ensureInstalled();
    ensureBuilt();
  });
  // Where `npm start` runs: its .env, its data directory and paths below it are meant.
  process.chdir(root);
  loadDotEnv();
  await import(pathToFileURL(join(root, 'packages/server/dist', path)).href);
}

/** A reason not to go on that is for the user to read, without a stack. */
export class PreparationError extends Error {}

/** Runs `work`; a PreparationError ends the process with its message and exit code 1. */
export function prepared(work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PreparationError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

/** npm writes its own record last, so what is newer than the lock and our stamp is a complete install by somebody's hand. */
function installedByHand() {
  return isInstalledIn(root) && changedAt(join(modules, '.package-lock.json')) > changedAt(installStamp);
}

/** Whether npm has installed something in `folder` since its package-lock.json changed. */
export function isInstalledIn(folder) {
  const installed = changedAt(join(folder, 'node_modules/.package-lock.json'));
  return installed > 0 && installed >= changedAt(join(folder, 'package-lock.json'));
}

/** In milliseconds since 1970; 0 of what isn't there. */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function npm(words) {
  const { status } = spawnNpm(words, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new PreparationError(`npm ${words[0]} failed; see above.`);
}

/** Runs npm, the one that runs us where there is one. */
export function spawnNpm(words, options) {
  const cli = process.env.npm_execpath;
  const [command, ...given] = cli?.endsWith('npm-cli.js') ? [process.execPath, cli, ...words] : ['npm', ...words];
  const shell = process.platform === 'win32' && command === 'npm';
  return spawnSync(command, given, { cwd: root, shell, ...options });
}

function readOr(path, fallback) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return fallback;
  }
}

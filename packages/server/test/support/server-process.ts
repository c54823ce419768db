/** The built server as a process of its own, to be called, killed and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { freePort } from '../../../../scripts/free-port.mjs';
import { bundles, programOf, root } from '../../../../scripts/prepare.mjs';
import { createTestDatabase } from './database.js';
import { stopOrphanedPostgres } from './orphaned-postgres.js';
import { aTestFailed, afterThisFile, afterThisTest, staysForThisFile } from './outcome.js';
import { until } from './until.js';

export { freePort };

const STARTED_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 60_000;
const MOST_PORTS = 5;
/** Where the servers lie that only tests have. */
const supports = ['server', 'console'].map((name) => join(root, 'packages', name, 'test/support'));

/** What servers were started with that stay until their file ends. */
const lasting = new WeakSet<object>();

export interface StartOptions {
  /**
   * The server's settings; beside PATH and the like it is handed nothing else.
   * With neither DATABASE_URL nor CONTINUO_DATA_DIR it gets a database of its own, dropped after the file. What is about
   * the PostgreSQL that a server brings along names a directory: to set one up takes seconds.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** The script to run, bundled if it is one of those (scripts/bundle.mjs). Default: what `npm start` runs. */
  readonly entry?: string;
  /** The Node.js that runs it. Default: the one of the tests. */
  readonly node?: string;
  /** Options of Node: `--max-old-space-size=256`. */
  readonly nodeOptions?: readonly string[];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServerProcess {
  /** Without a slash at its end: `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly pid: number;
  /** What it was started with: hand it to the next `startServer` to start the same server again, which stays as long. */
  readonly env: Readonly<Record<string, string>>;
  /** Resolves when the process is gone. */
  readonly exited: Promise<Exit>;
  /** Everything it wrote so far, to stdout and stderr. */
  output(): string;
  /** Sends the signal, and waits for the end of a process that it ends. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts the server and resolves as soon as it is ready; rejects with what it wrote when it does not get there. */
export async function startServer(options: StartOptions = {}): Promise<ServerProcess> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      // A port of our choice that was free a moment ago.
      const taken = options.env?.PORT === undefined && String(error).includes('in use by another program');
      if (!taken || tries === MOST_PORTS) throw error;
    }
  }
}

async function startOnce({
  env = {},
  entry,
  node = process.execPath,
  nodeOptions = [],
}: StartOptions = {}): Promise<ServerProcess> {
  const settings = { PORT: String(await freePort()), ...env, ...(await ownDatabase(env)) };
  const child = spawn(node, [...nodeOptions, scriptOf(entry, env)], {
    env: { ...surroundings(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const sent = new Set<NodeJS.Signals>();
  const server = watch(child, settings, sent);

  const killNow = (): void => void child.kill('SIGKILL');
  process.once('exit', killNow);
  const stays = lasting.has(env) || staysForThisFile();
  if (stays) lasting.add(settings);
  const takeBack = (stays ? afterThisFile : afterThisTest)(() => end(server));
  void server.exited.then(({ code, signal }) => {
    process.off('exit', killNow);
    takeBack();
    if (code !== null && code !== 0) tell(server, `ended with ${code}`);
    if (signal !== null && !sent.has(signal)) tell(server, `was ended by ${signal}`);
  });

  try {
    await untilReady(server, child);
  } catch (error) {
    await end(server);
    throw new Error(`the server did not become ready; it wrote:\n${server.output()}`, { cause: error });
  }
  return server;
}

function scriptOf(entry: string | undefined, env: Readonly<Record<string, string>>): string {
  if (entry === undefined) return programOf(env.CONTINUO_AGENT_PACKAGES || undefined);
  const bundled = join(bundles, 'tests', `${basename(entry, '.mjs')}.js`);
  return supports.includes(dirname(entry)) && existsSync(bundled) ? bundled : entry;
}

/** `sent`: takes up the signals that it was sent from here. */
function watch(child: ChildProcess, env: Readonly<Record<string, string>>, sent: Set<NodeJS.Signals>): ServerProcess {
  const { pid } = child;
  if (pid === undefined) throw new Error('the server could not be started');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    url: `http://127.0.0.1:${env.PORT}`,
    pid,
    env,
    exited,
    output: () => output,
    kill: async (signal) => {
      sent.add(signal);
      child.kill(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await exited;
    },
  };
}

async function untilReady(server: ServerProcess, child: ChildProcess): Promise<void> {
  const outcome = await until(
    async () => {
      if (child.exitCode !== null || child.signalCode !== null) return 'ended';
      const response = await fetch(`${server.url}/readyz`, { signal: AbortSignal.timeout(5_000) });
      await response.arrayBuffer();
      return response.status === 200 && 'ready';
    },
    { what: 'GET /readyz to answer 200', timeoutMs: STARTED_WITHIN_MS },
  );
  if (outcome === 'ended') throw new Error(`the server ended with ${JSON.stringify(await server.exited)}`);
}

function tell(server: ServerProcess, what: string): void {
  process.stderr.write(`Server ${server.url} ${what}; it wrote:\n${server.output()}\n`);
}

/** Politely first, so that it takes its own PostgreSQL with it. */
async function end(server: ServerProcess): Promise<void> {
  if (aTestFailed()) tell(server, 'is stopped after a test has failed');
  const stopped = server.kill('SIGTERM');
  // One that a test has stopped with SIGSTOP hears nothing before it goes on.
  await server.kill('SIGCONT');
  const timer = setTimeout(() => void server.kill('SIGKILL'), STOPPED_WITHIN_MS);
  await stopped;
  clearTimeout(timer);
}

async function ownDatabase(env: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  if (env.DATABASE_URL !== undefined) return {};
  if (env.CONTINUO_DATA_DIR === undefined) return { DATABASE_URL: (await createTestDatabase()).url };
  const directory = env.CONTINUO_DATA_DIR;
  afterThisFile(() => stopOrphanedPostgres(directory));
  return {};
}

/** What any program needs of the environment, without the settings of whoever runs the tests. */
export function surroundings(): Record<string, string> {
  const names = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'TEMP', 'SystemRoot'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** Starts, finds and stops the one postmaster of a cluster. Every function here is called under the start lock. */
import { execFile, spawn } from 'node:child_process';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { asAccount, type Account } from './account.js';
import { ping } from './connection.js';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError, OR_YOUR_OWN, reasonIn } from './error.js';
import { findPostmaster, isPostmasterOf, readPostmasterFile } from './postmaster-file.js';
import { isRunning } from './process-identity.js';
import { settingsAsArguments } from './settings.js';

const run = promisify(execFile);

export interface Installation {
  readonly binaries: Binaries;
  readonly account: Account;
  /** The cluster's directory. */
  readonly cluster: string;
  readonly password: string;
  readonly logFile: string;
  /** How many connections are wanted. Default: 0, for some servers. */
  readonly connections?: number;
  /** Told of each postmaster as soon as there is one: before it answers, when we have started it. */
  readonly runs?: (pid: number, found: boolean) => void;
}

/** A postmaster that answers to our password. */
export interface RunningPostgres {
  readonly pid: number;
  readonly port: number;
  /** Whether it ran before we came. */
  readonly found: boolean;
}

const POLL_MS = 20;
/** Recovery after a crash replays up to `max_wal_size` of log; slow disks take minutes over it. */
const POLLS = (5 * 60 * 1000) / POLL_MS;
const START_ATTEMPTS = 40;
const LOG_LIMIT_BYTES = 10 * 1024 ** 2;

/** Joins the running postmaster or starts one, on `port` if given. */
export async function ensureRunning(it: Installation, port?: number): Promise<RunningPostgres> {
  const before = await readPostmasterFile(it.cluster);
  const running = await findPostmaster(it.cluster);
  if (running !== undefined) {
    const answering = await untilReady(it, running.pid);
    if (answering !== undefined) {
      it.runs?.(answering.pid, true);
      return { ...answering, found: true };
    }
  }
  let candidate = port ?? before?.port ?? (await freePort());
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const pid = await launch(it, candidate);
    it.runs?.(pid, false);
    const ready = await untilReady(it, pid).catch(async (error: unknown) => {
      await stopPostmaster(it);
      throw error;
    });
    if (ready !== undefined) return { ...ready, found: false };
    // The port was taken in between, or backends of a killed postmaster are still on their way out.
    if (port === undefined) candidate = await freePort();
    await delay(attempt * POLL_MS);
  }
  const reason = reasonIn(await readFile(it.logFile, 'utf8').catch(() => ''));
  const why = reason === undefined ? `; ${it.logFile} says why` : `: ${reason}. ${it.logFile} says more`;
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL does not start${port === undefined ? '' : ` on port ${port}`}${why}. ${OR_YOUR_OWN}`,
  );
}

/** Its own session (detached), so that a Ctrl-C in our terminal reaches us alone and we stop it in order. */
async function launch(it: Installation, port: number): Promise<number> {
  const size = await stat(it.logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT_BYTES) await rm(it.logFile, { force: true });
  const log = await open(it.logFile, 'a', 0o600);
  try {
    const child = spawn(it.binaries.postgres, ['-D', it.cluster, ...settingsAsArguments(port, it.connections)], {
      ...asAccount(it.account),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    if (child.pid === undefined) throw new EmbeddedPostgresError('The embedded PostgreSQL did not start.');
    return child.pid;
  } finally {
    await log.close();
  }
}

/** Waits until this postmaster answers; undefined when it ends instead. Throws when it refuses us. */
async function untilReady(it: Installation, pid: number): Promise<Omit<RunningPostgres, 'found'> | undefined> {
  for (let poll = 0; poll < POLLS; poll += 1) {
    const named = await readPostmasterFile(it.cluster);
    if (named?.pid === pid && named.port !== undefined) {
      const answer = await ping({ port: named.port, password: it.password, cluster: it.cluster });
      if (answer === 'ready') return { pid, port: named.port };
      if (answer === 'refused') throw new EmbeddedPostgresError(refusal(it, named.port));
    }
    if (!(await isPostmasterOf(it.cluster, pid))) return undefined;
    await delay(POLL_MS);
  }
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL (process ${pid}) does not become ready; ${it.logFile} says why. ${OR_YOUR_OWN}`,
  );
}

function refusal({ cluster }: Installation, port: number): string {
  return `The PostgreSQL of ${cluster} runs on port ${port} but refuses the password in postgres-password. Restore that file from a backup. ${OR_YOUR_OWN}`;
}

/** Stops it in order: open transactions are rolled back, what was committed is checkpointed. */
export async function stopPostmaster(it: Installation): Promise<void> {
  const running = await findPostmaster(it.cluster);
  if (running === undefined) return;
  await run(it.binaries.pgCtl, ['stop', '-D', it.cluster, '-m', 'fast', '-t', '120', '-s'], asAccount(it.account));
  while (await isRunning(running.pid)) await delay(POLL_MS);
}

/** Tells it to stop in order (PostgreSQL's fast shutdown) without waiting: for a process that ends this moment. */
export function stopPostmasterAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It has ended already.
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string')
    throw new EmbeddedPostgresError('No free TCP port on 127.0.0.1.');
  return address.port;
}

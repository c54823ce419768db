/** A program of the machine that a test runs in the foreground, and stops. */
import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { afterThisTest } from '../support/outcome.js';
import { until } from '../support/until.js';

const deploy = fileURLToPath(new URL('../../../../deploy/', import.meta.url));

/** Throws, saying what to install, where `command` isn't there. */
export function ensureInstalled(command: string, ...words: readonly string[]): void {
  if (spawnSync(command, words, { stdio: 'ignore' }).error === undefined) return;
  throw new Error(`There is no ${command} here. On Debian and Ubuntu: apt-get install ${command}`);
}

/** Runs it until the end of the file, and resolves as soon as it listens on `port`; rejects with what it wrote when it ends before. */
export async function run(
  command: string,
  words: readonly string[],
  { port, env = {}, user }: { readonly port: number; readonly env?: Record<string, string>; readonly user?: User },
): Promise<void> {
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    ...user,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += String(text)));
  const exited = once(child, 'exit');
  afterThisTest(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const outcome = await until(
    async () => (child.exitCode === null ? (await isListening(port)) && 'listens' : 'has ended'),
    { what: `${command} to listen on ${port}` },
  );
  if (outcome !== 'listens') throw new Error(`${command} ended; it wrote:\n${output}`);
}

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * A file of `deploy/` with this machine's ports and paths in place of the example's. Each of `changes` must have something to
 * change, so that nothing is tried that the file doesn't say.
 */
export async function deployFile(path: string, changes: readonly (readonly [string, string])[]): Promise<string> {
  let text = await readFile(`${deploy}${path}`, 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`deploy/${path} has no "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Reads `postmaster.pid`, in which a running PostgreSQL says who and where it is, and tells a living from a stale one. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { failedWith } from './error.js';
import { commandOf, isRunning } from './process-identity.js';

export interface Postmaster {
  readonly pid: number;
  /** Undefined in the first moments of its life. */
  readonly port: number | undefined;
}

const PORT_LINE = 3;
const LOOK_MS = 20;
const LOOKS = 50;

/**
 * The postmaster of this cluster, or undefined when there is none. Removes the file of one whose pid is now another's, and one
 * that names none.
 */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const named = await namedIn(cluster);
  if (named !== undefined && (await isPostmasterOf(cluster, named.pid))) return named;
  // PostgreSQL itself removes the file of a dead process, but takes any process with the same pid for a postmaster, and
  // refuses to start beside a file that says nothing.
  // Should backends of the dead one still run, its shared memory, found by the directory's inode, keeps a second one out.
  await rm(fileOf(cluster), { force: true });
  return undefined;
}

/** A file that is being written says something in a moment; one that a crash or a full disk has cut off never does. */
async function namedIn(cluster: string): Promise<Postmaster | undefined> {
  for (let look = 0; look < LOOKS; look += 1) {
    const text = await textIn(cluster);
    const named = namedBy(text ?? '');
    if (text === undefined || named !== undefined) return named;
    await delay(LOOK_MS);
  }
  return undefined;
}

/** What the file says, true or not. */
export async function readPostmasterFile(cluster: string): Promise<Postmaster | undefined> {
  return namedBy((await textIn(cluster)) ?? '');
}

/** Undefined when there is no file. */
function textIn(cluster: string): Promise<string | undefined> {
  return readFile(fileOf(cluster), 'utf8').catch((error: unknown) => {
    if (failedWith(error, 'ENOENT')) return undefined;
    throw error;
  });
}

function namedBy(text: string): Postmaster | undefined {
  const lines = text.split('\n');
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10));
  const port = Number.parseInt(lines[PORT_LINE] ?? '', 10);
  return Number.isNaN(pid) || pid === 0 ? undefined : { pid, port: Number.isNaN(port) ? undefined : port };
}

/** Whether this pid is a running PostgreSQL on this very directory; where the system does not tell, a running one counts. */
export async function isPostmasterOf(cluster: string, pid: number): Promise<boolean> {
  if (!(await isRunning(pid))) return false;
  const command = await commandOf(pid);
  return command === undefined || `${command} `.includes(` -D ${cluster} `);
}

function fileOf(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}

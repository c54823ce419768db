/** Reads `postmaster.pid`, in which a running PostgreSQL says who and where it is, and tells a living from a stale one. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failedWith } from './error.js';
import { commandOf, isRunning } from './process-identity.js';

export interface Postmaster {
  readonly pid: number;
  /** Undefined in the first moments of its life. */
  readonly port: number | undefined;
}

const PORT_LINE = 3;

/** The postmaster of this cluster, or undefined when there is none. Removes the file of one whose pid is now another's. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const named = await readPostmasterFile(cluster);
  if (named === undefined || (await isPostmasterOf(cluster, named.pid))) return named;
  // PostgreSQL itself removes the file of a dead process, but takes any process with the same pid for a postmaster.
  // Should backends of the dead one still run, its shared memory, found by the directory's inode, keeps a second one out.
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  return undefined;
}

/** What the file says, true or not. */
export async function readPostmasterFile(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if (failedWith(error, 'ENOENT')) return '';
    throw error;
  });
  const lines = text.split('\n');
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10));
  const port = Number.parseInt(lines[PORT_LINE] ?? '', 10);
  return Number.isNaN(pid) ? undefined : { pid, port: Number.isNaN(port) ? undefined : port };
}

/** Whether this pid is a running PostgreSQL on this very directory; where the system does not tell, a running one counts. */
export async function isPostmasterOf(cluster: string, pid: number): Promise<boolean> {
  if (!(await isRunning(pid))) return false;
  const command = await commandOf(pid);
  return command === undefined || `${command} `.includes(` -D ${cluster} `);
}

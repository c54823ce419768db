/** Ends the PostgreSQL that a killed server leaves running on its data directory. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findPostmaster } from '../../src/platform/embedded-postgres/postmaster-file.js';
import { until } from './until.js';

/** Ends every PostgreSQL whose cluster lies below `directory`, and waits until it is gone. */
export async function stopOrphanedPostgres(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true }).catch(() => []);
  for (const entry of entries.filter((name) => name.endsWith('postmaster.pid'))) {
    const cluster = join(directory, dirname(entry));
    const postmaster = await findPostmaster(cluster);
    if (postmaster === undefined) continue;
    // PostgreSQL's immediate shutdown: it takes its children with it, which SIGKILL would not.
    signalIfThere(postmaster.pid, 'SIGQUIT');
    await until(async () => (await findPostmaster(cluster)) === undefined, { what: `PostgreSQL on ${cluster} to end` });
  }
}

/** Signals a process that may have ended since it was listed. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

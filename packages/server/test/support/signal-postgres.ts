/** Signals all of a running PostgreSQL: its postmaster and every process of that. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findPostmaster } from '../../src/platform/embedded-postgres/postmaster-file.js';
import { signalIfThere } from './orphaned-postgres.js';

const run = promisify(execFile);

/** To the postmaster first: it starts no more processes meanwhile. */
export async function signalPostgres(cluster: string, signal: NodeJS.Signals): Promise<void> {
  const postmaster = await findPostmaster(cluster);
  if (postmaster === undefined) throw new Error('PostgreSQL is not running');
  process.kill(postmaster.pid, signal);
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  for (const line of stdout.trim().split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid !== undefined && parent === postmaster.pid) signalIfThere(pid, signal);
  }
}

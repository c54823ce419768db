/** Ends the PostgreSQL that a killed server leaves running on its data directory. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './until.js';

/** Ends every PostgreSQL whose cluster lies in or below `directory`, and waits until it is gone. */
export async function stopOrphanedPostgres(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true }).catch(() => []);
  for (const entry of entries.filter((name) => /(^|[/\\])postmaster\.pid$/.test(name))) {
    const pid = Number((await readFile(join(directory, entry), 'utf8').catch(() => '')).split('\n')[0]);
    // SIGQUIT is PostgreSQL's immediate shutdown: it takes its children with it, which SIGKILL would not.
    if (pid > 0 && send(pid, 'SIGQUIT')) {
      await until(() => !send(pid, 0), { what: `PostgreSQL ${pid} on ${directory} to end` });
    }
  }
}

/** False when there is no such process. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

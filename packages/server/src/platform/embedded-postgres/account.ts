/** The system account PostgreSQL runs as. It refuses root, so a server started as root lends it another account. */
import { execFile, type SpawnOptions } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError, OR_YOUR_OWN } from './error.js';

const run = promisify(execFile);

/** Undefined means: as we are. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The owner of an existing cluster, else `postgres`, else `nobody`; our own account unless we are root. */
export async function chooseAccount(clusterDirectory: string): Promise<Account> {
  if (!isRoot()) return undefined;
  const cluster = await stat(clusterDirectory).catch(() => undefined);
  if (cluster !== undefined && cluster.uid !== 0) return { uid: cluster.uid, gid: cluster.gid };
  for (const name of ['postgres', 'nobody']) {
    const account = await lookUp(name);
    if (account !== undefined) return account;
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and there is no account "postgres" or "nobody" to run it as. Start Continuo as an ordinary user. ${OR_YOUR_OWN}`,
  );
}

async function lookUp(name: string): Promise<Account> {
  const ids = await Promise.all(['-u', '-g'].map((option) => run('id', [option, name]))).catch(() => undefined);
  const [uid, gid] = ids?.map(({ stdout }) => Number.parseInt(stdout, 10)) ?? [];
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid };
}

/** Whether the account may enter the directory, asked of the system itself, so that every rule of it counts. */
export async function canEnter(account: Account, directory: string): Promise<boolean> {
  if (account === undefined) return true;
  const asked = run('/bin/sh', ['-c', 'cd -- "$0"', directory], asAccount(account));
  return await asked.then(
    () => true,
    () => false,
  );
}

/**
 * How to spawn a program of PostgreSQL: as the account, in a directory it can enter, and with nothing of our
 * environment, which holds secrets and `PG*` variables that would change its behaviour.
 */
export function asAccount(account: Account): Pick<SpawnOptions, 'uid' | 'gid' | 'cwd' | 'env' | 'windowsHide'> {
  const env = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin' };
  if (process.platform === 'win32') return { windowsHide: true };
  return { ...account, cwd: '/', env };
}

/** Makes a new cluster so that it exists whole or not at all, whenever the process dies. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, lchown, lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { asAccount } from './account.js';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError, failedWith, OR_YOUR_OWN, reasonIn } from './error.js';
import { CLUSTER, type Placement } from './placement.js';

const run = promisify(execFile);

export const SUPERUSER = 'continuo';
const MAJOR_VERSION = '18';
const DRAFT = 'postgres-draft-';

/** Whether the cluster has been made. Throws when it was made by another major version of PostgreSQL. */
export async function clusterExists(home: string): Promise<boolean> {
  const path = join(home, CLUSTER);
  const version = await readFile(join(path, 'PG_VERSION'), 'utf8').catch(async (error: unknown) => {
    if (failedWith(error, 'ENOENT') && (await isEmpty(path))) return undefined;
    if (failedWith(error, 'ENOENT', 'ENOTDIR')) return '';
    throw new EmbeddedPostgresError(
      `${path} cannot be read: it belongs to another user. Start Continuo as that user, or set CONTINUO_DATA_DIR to a directory of your own.`,
      { cause: error },
    );
  });
  if (version === undefined) return false;
  if (version.trim() === MAJOR_VERSION) return true;
  if (version.trim() === '') {
    throw new EmbeddedPostgresError(
      `${path} is there, but it is no database of PostgreSQL, or not all of one: its file PG_VERSION is missing or empty. Put back a copy of the whole directory, or move it away to begin with an empty one. ${OR_YOUR_OWN}`,
    );
  }
  throw new EmbeddedPostgresError(
    `The database in ${path} was made by PostgreSQL ${version.trim()}, this one is ${MAJOR_VERSION}. Dump it with its own version and load it into a new one. ${OR_YOUR_OWN}`,
  );
}

/** Whether nothing is in the directory, or it isn't there. */
async function isEmpty(path: string): Promise<boolean> {
  const entries = await readdir(path).catch((error: unknown) => {
    if (failedWith(error, 'ENOENT')) return [];
    throw error;
  });
  return entries.length === 0;
}

/** Runs initdb in a draft directory and renames that when it is complete and on disk. Call it under the start lock. */
export async function makeCluster(binaries: Binaries, { account, home }: Placement, password: string): Promise<string> {
  await removeDrafts(home);
  const draft = join(home, `${DRAFT}${randomBytes(6).toString('hex')}`);
  await mkdir(draft, { mode: 0o700 });
  const passwordFile = join(draft, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (account !== undefined) {
    await chown(passwordFile, account.uid, account.gid);
    await chown(draft, account.uid, account.gid);
  }
  const made = join(draft, 'data');
  const options = ['--username', SUPERUSER, '--auth', 'scram-sha-256', '--pwfile', passwordFile, '--encoding', 'UTF8'];
  const locale = ['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'];
  try {
    await run(binaries.initdb, ['--pgdata', made, ...options, ...locale, '--no-instructions'], asAccount(account));
  } catch (error) {
    const reason = reasonIn(error instanceof Error && 'stderr' in error ? String(error.stderr) : '');
    const why = reason === undefined ? '' : `: ${reason}`;
    throw new EmbeddedPostgresError(`The embedded PostgreSQL could not be set up in ${home}${why}. ${OR_YOUR_OWN}`, {
      cause: error,
    });
  }
  const path = join(home, CLUSTER);
  await rename(made, path);
  await flushDirectory(home);
  await removeDrafts(home);
  return path;
}

/** A data directory that root copied belongs to root, and PostgreSQL refuses what its account does not own. */
export async function ensureOwner(path: string, { account }: Placement): Promise<void> {
  if (account === undefined || (await lstat(path)).uid === account.uid) return;
  const entries = await readdir(path, { recursive: true });
  for (const entry of entries) await lchown(join(path, entry), account.uid, account.gid);
  await lchown(path, account.uid, account.gid);
}

/** A killed initdb may still be writing into its draft; what cannot be removed now is removed another time. */
async function removeDrafts(home: string): Promise<void> {
  const drafts = (await readdir(home)).filter((name) => name.startsWith(DRAFT));
  for (const name of drafts) await rm(join(home, name), { recursive: true, force: true }).catch(() => undefined);
}

async function flushDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

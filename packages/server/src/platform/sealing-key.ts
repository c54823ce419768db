/** The secret that credentials are sealed with before they are stored: it is not in the database. */
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Config } from './config.js';
import { failedWith } from './embedded-postgres/error.js';
import { newSecret, randomOf } from './random.js';

const FILE = 'sealing-key';

/**
 * That of the environment, or, beside a PostgreSQL of the server's own, one that is made with the first use and kept in the
 * data directory; one that is there and empty would seal nothing: CONFIG_INVALID. Undefined with a PostgreSQL that others may use as well: they would not have the file.
 */
export async function sealingKey(
  config: Pick<Config, 'sealingKey' | 'databaseUrl' | 'dataDir'>,
): Promise<string | undefined> {
  if (config.sealingKey !== undefined || config.databaseUrl !== undefined) return config.sealingKey;
  const path = join(config.dataDir, FILE);
  return (await keptAt(path)) ?? madeAt(path, config.dataDir);
}

async function keptAt(path: string): Promise<string | undefined> {
  try {
    const key = (await readFile(path, 'utf8')).trim();
    if (key !== '') return key;
  } catch (error) {
    if (failedWith(error, 'ENOENT')) return undefined;
    throw error;
  }
  throw new ContinuoError(
    'CONFIG_INVALID',
    `${path} is empty: restore it from a backup. Without one, remove it; credentials of connected agents have to be given again then.`,
  );
}

/** Whole as soon as it is there, and the first one's where several processes make one at once. */
async function madeAt(path: string, directory: string): Promise<string | undefined> {
  await mkdir(directory, { recursive: true });
  const draft = `${path}.${randomOf(6).toString('hex')}`;
  try {
    await writeFile(draft, `${newSecret()}\n`, { mode: 0o600, flush: true });
    await link(draft, path).catch((error: unknown) => {
      if (!failedWith(error, 'EEXIST')) throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return keptAt(path);
}

/** The data directory: made if missing, or a message that says why it can't be used. */
import { constants } from 'node:fs';
import { access, mkdir, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EmbeddedPostgresError, failedWith, OR_YOUR_OWN } from './error.js';

/** The real path of `path`, which exists afterwards and which we may write. */
export async function ensureDirectory(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    await make(absolute);
    const real = await realpath(absolute);
    await access(real, constants.W_OK | constants.X_OK);
    return real;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EmbeddedPostgresError(
      `The data directory ${absolute} can't be used: ${reason}. Set CONTINUO_DATA_DIR to a directory that this user may write. ${OR_YOUR_OWN}`,
      { cause: error },
    );
  }
}

/** One level after the other: Node's own recursive mkdir never returns on file systems that take no directories. */
async function make(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o755 });
  } catch (error) {
    if (failedWith(error, 'EEXIST')) return;
    const parent = dirname(path);
    if (!failedWith(error, 'ENOENT') || parent === path) throw error;
    if (await exists(parent)) throw error;
    await make(parent);
    await mkdir(path, { mode: 0o755 });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Directories for what a test run writes. */
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new directory that others can enter: as root, PostgreSQL runs on another account and must reach its data. */
export async function makeTemporaryDirectory(name: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `continuo-test-${name}-`));
  await chmod(directory, 0o755);
  return directory;
}

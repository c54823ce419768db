/** What npm has installed: how many packages, and how large their files are together. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

interface Lock {
  readonly packages: Readonly<Record<string, unknown>>;
}

export interface Weight {
  readonly packages: number;
  /** 1 MB = 1,000,000 bytes of files, whatever blocks they take. */
  readonly megabytes: number;
}

export async function installedWeight(directory: string): Promise<Weight> {
  const modules = join(directory, 'node_modules');
  const { packages } = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8')) as Lock;
  const entries = await readdir(modules, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return { packages: Object.keys(packages).length, megabytes: bytes / 1_000_000 };
}

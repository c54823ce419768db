/** Versions of Continuo that differ in their migrations: directories of these, and builds that have them. */
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { makeTestDirectory } from './test-directory.js';

/** By the name of the file: its text. */
type MigrationTexts = Readonly<Record<string, string>>;

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const server = 'packages/server';

/** A directory with these migrations alone. */
export async function onlyMigrations(texts: MigrationTexts): Promise<URL> {
  const directory = await makeTestDirectory('migrations');
  await addMigrations(directory, texts);
  return pathToFileURL(`${directory}/`);
}

interface Build {
  /** The script that starts its server with the agents of attempts-server.mjs. */
  readonly entry: string;
  /** Brings it up to date while it runs, as whoever updates in place does. */
  update(texts: MigrationTexts): Promise<void>;
}

/** This build with more migrations. */
export async function buildWith(texts: MigrationTexts): Promise<Build> {
  const copy = await makeTestDirectory('build');
  await mkdir(join(copy, server), { recursive: true });
  for (const part of ['package.json', 'dist', 'migrations', 'prices.json', 'test/support']) {
    await cp(join(root, server, part), join(copy, server, part), { recursive: true, filter: isRun });
  }
  for (const part of ['', server]) await symlink(join(root, part, 'node_modules'), join(copy, part, 'node_modules'));
  const update = (more: MigrationTexts): Promise<void> => addMigrations(join(copy, server, 'migrations'), more);
  await update(texts);
  return { entry: join(copy, server, 'test/support/attempts-server.mjs'), update };
}

/** What the compiler makes for others than Node is three files of four. */
function isRun(path: string): boolean {
  return !/\.(map|ts)$/.test(path);
}

async function addMigrations(directory: string, texts: MigrationTexts): Promise<void> {
  for (const [name, text] of Object.entries(texts)) await writeFile(join(directory, name), text);
}

/** Directories of migrations, as a test's versions of Continuo have them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeTestDirectory } from './test-directory.js';

/** By the name of the file: its text. */
type MigrationTexts = Readonly<Record<string, string>>;

/** These alone. */
export async function onlyMigrations(texts: MigrationTexts): Promise<URL> {
  return addMigrations(await makeTestDirectory('migrations'), texts);
}

async function addMigrations(directory: string, texts: MigrationTexts): Promise<URL> {
  for (const [name, text] of Object.entries(texts)) await writeFile(join(directory, name), text);
  return pathToFileURL(`${directory}/`);
}

/** Writes the files of a project: those of its template, with its name and our version in package.json. */
import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Place } from './project-name.js';
import type { Template } from './templates.js';

/** What is there in this repository, or after a run of the template's own scripts, and belongs to nobody's project. */
const NOT_SHIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', '.continuo']);

type Versions = Readonly<Record<string, string>>;

/** `from` is the directory of the templates, `version` that of our packages; `place` is there, and empty. */
export async function writeProject(
  place: Place,
  { template, from, version }: { readonly template: Template; readonly from: string; readonly version: string },
): Promise<void> {
  const source = join(from, template.id);
  await cp(source, place.directory, {
    recursive: true,
    filter: (path) => !NOT_SHIPPED.has(relative(source, path)),
  });
  // A .gitignore would be one for npm when it packs the template, and stay behind.
  await rename(join(place.directory, '_gitignore'), join(place.directory, '.gitignore'));
  const path = join(place.directory, 'package.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Readonly<Record<string, unknown>>;
  await writeFile(path, `${JSON.stringify(named(manifest, place.name, version), undefined, 2)}\n`);
}

function named(manifest: Readonly<Record<string, unknown>>, name: string, version: string): unknown {
  return {
    ...manifest,
    name,
    dependencies: ofVersion(manifest['dependencies'] as Versions, version),
    devDependencies: ofVersion(manifest['devDependencies'] as Versions, version),
  };
}

function ofVersion(dependencies: Versions, version: string): Versions {
  const entries = Object.entries(dependencies).map(([name, range]) => [name, isOurs(name) ? `^${version}` : range]);
  return Object.fromEntries(entries) as Versions;
}

function isOurs(name: string): boolean {
  return name === 'continuo' || name.startsWith('@continuo/');
}

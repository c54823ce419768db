/** What the types of a package import: only what comes with it, so that a project compiles with nothing else installed. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

interface Manifest {
  readonly types?: string;
  readonly typings?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const packages = fileURLToPath(new URL('../../../', import.meta.url));

/** All entries, but for the one that only the command line imports, and the one of React, which has its types apart. */
const left = ['./commands', './react'];
const entries = ['server', 'agent', 'client', 'mail'].flatMap((name) =>
  Object.entries(manifestOf(join(packages, name)).exports ?? {}).flatMap(([entry, target]) => {
    const types = /"types":"([^"]+)"/.exec(JSON.stringify(target))?.[1] ?? String(target).replace(/\.js$/, '.d.ts');
    return types.endsWith('.d.ts') && !types.includes('*') && !left.includes(entry)
      ? [[name, entry, types] as const]
      : [];
  }),
);

it.each(entries)('%s: %s', (name, entry, types) => {
  const folder = join(packages, name);
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifestOf(folder);
  // An entry named for another library is imported by whoever has that.
  const comes = (other: string): boolean =>
    other in dependencies ||
    (other in peerDependencies && (peerDependenciesMeta[other]?.optional !== true || entry.includes(firstWord(other))));
  for (const [other, file] of importedBy(join(folder, types))) {
    if (other.startsWith('node:')) continue;
    expect(comes(other), `${file} imports types of ${other}, which does not come with the package`).toBe(true);
    expect(hasTypes(other, file), `${file} imports ${other}, which brings no types`).toBe(true);
  }
});

const imports = /(?:^(?:import|export)\b[^;'"]*\bfrom |^import |\bimport\()['"]([^'"]+)['"]/gm;

/** The packages that a file of types leads to, with the first file that imports each. */
function importedBy(first: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const files = new Set([first]);
  for (const file of files) {
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(imports)) {
      if (target.startsWith('.')) files.add(resolve(dirname(file), target.replace(/\.js$/, '.d.ts')));
      else {
        const name = target.split('/').slice(0, target.startsWith('@') ? 2 : 1);
        found.set(name.join('/'), found.get(name.join('/')) ?? file);
      }
    }
  }
  return found;
}

function hasTypes(name: string, from: string): boolean {
  const folders = (createRequire(from).resolve.paths(name) ?? []).map((path) => join(path, name));
  const folder = folders.find((path) => existsSync(join(path, 'package.json')));
  if (folder === undefined) return false;
  const { types, typings, exports = {} } = manifestOf(folder);
  const named = types ?? typings ?? /\.d\.[cm]?ts"/.exec(JSON.stringify(exports))?.[0];
  return named !== undefined || existsSync(join(folder, 'index.d.ts'));
}

const firstWord = (name: string): string => name.replace(/^@/, '').split(/[/-]/)[0] ?? name;

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

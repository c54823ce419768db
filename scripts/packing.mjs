/** The packages that are published, and their tarballs: what is built, with a readable manifest, README and licence. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PreparationError, root, spawnNpm } from './prepare.mjs';

const packages = join(root, 'packages');

/** Every package of the repository that is not private, in an order in which each comes after those it is built on. */
export function publicPackages() {
  const found = readdirSync(packages)
    .map((name) => join(packages, name))
    .filter((directory) => existsSync(join(directory, 'package.json')))
    .map((directory) => ({ directory, manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true);
  const sorted = [];
  const add = (one) => {
    if (sorted.includes(one)) return;
    const needed = { ...one.manifest.dependencies, ...one.manifest.peerDependencies };
    for (const other of found) if (other.manifest.name in needed) add(other);
    sorted.push(one);
  };
  found.forEach(add);
  return sorted;
}

/**
 * Makes a tarball of every public package in the directory `into`; they are built. Answers with what `npm pack` says of
 * each: `{ name, version, filename, size, unpackedSize, files: [{ path }] }`, with its `manifest`. They have the version
 * given, or their own. Throws when npm fails.
 */
export function packAll(into, { version } = {}) {
  mkdirSync(into, { recursive: true });
  const all = publicPackages();
  const names = all.map(({ manifest }) => manifest.name);
  return all.map(({ directory, manifest }) =>
    packOne({ directory, manifest: version === undefined ? manifest : ofVersion(manifest, version, names) }, into),
  );
}

/** The packages are released together: each asks for the others in the same version. */
function ofVersion(manifest, version, names) {
  const dependencies = Object.entries(manifest.dependencies ?? {});
  const asked = dependencies.map(([name, range]) => [name, names.includes(name) ? version : range]);
  return { ...manifest, version, dependencies: Object.fromEntries(asked) };
}

function packOne({ directory, manifest }, into) {
  const stage = mkdtempSync(join(tmpdir(), 'continuo-pack-'));
  try {
    const said = published(manifest, directory);
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(said, undefined, 2)}\n`);
    for (const name of [...(manifest.files ?? []), 'README.md']) {
      const from = join(directory, name);
      if (existsSync(from)) cpSync(from, join(stage, name), { recursive: true });
    }
    cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
    const words = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', into];
    const { status, stdout } = spawnNpm(words, { cwd: stage, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    if (status !== 0) throw new PreparationError(`npm pack failed for ${manifest.name}; see above.`);
    const told = JSON.parse(stdout);
    // npm 11 tells a list, npm 12 an object by name.
    return { ...Object.values(told)[0], manifest: said };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** With what is true of all packages, and without what only this repository can do with. */
function published({ scripts: _scripts, devDependencies: _development, continuo, ...manifest }, directory) {
  const { repository, homepage, bugs, keywords } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // What is bundled into the static files is installed by nobody.
  if (continuo?.bundled === true) delete manifest.dependencies;
  return {
    ...manifest,
    keywords: [...new Set([...keywords, ...(manifest.keywords ?? [])])],
    homepage,
    bugs,
    repository: { ...repository, directory: `packages/${basename(directory)}` },
  };
}

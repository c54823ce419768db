/** `npm run release`: checks the tarballs of all public packages and publishes them; with `-- --dry-run` it only checks. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flawsOf, sameVersion } from './package-flaws.mjs';
import { packAll, publicPackages } from './packing.mjs';
import { build, ensureConsoleBuilt, ensureInstalled, PreparationError, prepared, root, spawnNpm } from './prepare.mjs';
import { ensureTools } from './own-tools.mjs';

const usage = `npm run release -- --dry-run   builds and checks the tarballs of all public packages
npm run release                publishes them, from a clean tree with the tag v<version>`;

const given = process.argv.slice(2);
const isDry = given.includes('--dry-run');
const unknown = given.filter((word) => word !== '--dry-run');

prepared(() => {
  if (unknown.length > 0) throw new PreparationError(`There is no option ${unknown.join(' ')}.\n\n${usage}`);
  ensureInstalled();
  ensureTools('release');
  const version = sameVersion(publicPackages());
  if (!isDry) ensureTagged(version);
  // What sources have left behind that are gone would go into the tarballs.
  for (const { directory } of publicPackages()) rmSync(join(directory, 'dist'), { recursive: true, force: true });
  if (!build()) throw new PreparationError('The sources do not compile; see above.');
  ensureConsoleBuilt();

  const directory = mkdtempSync(join(tmpdir(), 'continuo-release-'));
  try {
    const packed = packAll(directory);
    const flaws = packed.flatMap((one) => [...flawsOf(one), ...judged(join(directory, one.filename), one)]);
    for (const { name, filename, size, unpackedSize, files } of packed) {
      console.log(
        `${name}: ${filename}, ${kilobytes(size)}, unpacked ${kilobytes(unpackedSize)}, ${files.length} files`,
      );
    }
    if (flaws.length > 0) throw new PreparationError(flaws.join('\n'));
    if (isDry) console.log(`${packed.length} packages of version ${version} are fit to be published.`);
    else packed.forEach(({ filename }) => publish(join(directory, filename)));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** What the judges of tarballs have against one. */
function judged(tarball, { name, files, manifest }) {
  const findings = [run('publint', ['src/cli.js', 'run', tarball, '--strict'])];
  // Packages of static files, and those of a command alone, are imported by nobody.
  const isImported = manifest.exports?.['.'] !== undefined && files.some(({ path }) => path.endsWith('.d.ts'));
  // All of it is ESM, which CommonJS may require() as of Node.js 20.19.
  const profile = ['--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm'];
  if (isImported) findings.push(run('@arethetypeswrong/cli', ['dist/index.js', tarball, ...profile]));
  return findings.filter((told) => told !== undefined).map((told) => `${name}:\n${told}`);
}

function run(tool, [program, ...words]) {
  const place = join(root, 'release/node_modules', tool, program);
  const { status, stdout, stderr } = spawnSync(process.execPath, [place, ...words], { encoding: 'utf8' });
  return status === 0 ? undefined : `${stdout}${stderr}`;
}

function ensureTagged(version) {
  const git = (...words) => spawnSync('git', words, { cwd: root, encoding: 'utf8' }).stdout.trim();
  if (git('status', '--porcelain') !== '') throw new PreparationError('There are changes that are not committed.');
  if (!git('tag', '--points-at', 'HEAD').split('\n').includes(`v${version}`)) {
    throw new PreparationError(`The commit has no tag v${version}, the version of the packages.`);
  }
}

/** With provenance: npm records which commit it was built from, where that is built in public. */
function publish(tarball) {
  const { status } = spawnNpm(['publish', tarball, '--provenance', '--access', 'public'], { stdio: 'inherit' });
  if (status !== 0) throw new PreparationError('npm publish failed; see above.');
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1_000)} kB`;
}

/** What a package must have before it is published: what belongs into its manifest and its tarball, and what doesn't. */
import { PreparationError } from './prepare.mjs';

/** The version that all packages have together. Throws when one differs. */
export function sameVersion(packages) {
  const versions = new Set(packages.map(({ manifest }) => manifest.version));
  if (versions.size !== 1) {
    const told = packages.map(({ manifest }) => `${manifest.name}@${manifest.version}`).join(', ');
    throw new PreparationError(`The packages are released together, in one version: ${told}`);
  }
  return [...versions][0];
}

/** A line for each flaw of a packed package, as `packAll` tells of it. */
export function flawsOf({ name, files, manifest }) {
  const paths = new Set(files.map(({ path }) => path));
  const lacks = ['README.md', 'LICENSE'].filter((path) => !paths.has(path)).map((path) => `${path} is not in it`);
  const unsaid = ['description', 'keywords', 'license', 'repository', 'homepage', 'engines']
    .filter((field) => manifest[field] === undefined)
    .map((field) => `package.json has no ${field}`);
  const targets = targetsOf([manifest.exports, manifest.bin]);
  const leads = targets
    .filter((target) => !isThere(paths, target))
    .map((target) => `package.json leads to ${target}, which is not in it`);
  // Tests of templates are what they are for.
  const unwanted = [...paths]
    .filter((path) => !path.startsWith('templates/'))
    .filter((path) => /(^|\/)(test|tests|node_modules)\/|\.test\.|\.tsbuildinfo$/.test(path))
    .map((path) => `${path} is of no use to others`);
  const blind = [...paths]
    .filter((path) => /\.(js|d\.ts)\.map$/.test(path) && path.startsWith('dist/'))
    .map((path) => path.replace(/^dist\//, 'src/').replace(/\.(js|d\.ts)\.map$/, ''))
    .filter((source) => !paths.has(`${source}.ts`) && !paths.has(`${source}.tsx`))
    .map((source) => `the source map of ${source} has no source in it`);
  return [...lacks, ...unsaid, ...leads, ...unwanted, ...new Set(blind)].map((flaw) => `${name}: ${flaw}`);
}

/** Every path of `exports` or `bin`. */
function targetsOf(value) {
  if (typeof value === 'string') return [value.replace(/^\.\//, '')];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(targetsOf) : [];
}

function isThere(paths, target) {
  const [before, after] = target.split('*');
  if (after === undefined) return paths.has(target);
  return [...paths].some((path) => path.startsWith(before) && path.endsWith(after));
}

/** Writes docs/licenses.md, the licences of all that the server is shipped with; with --check, says whether it is up to date. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';

/** Any of these may be shipped with software under the MIT licence. */
const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'PostgreSQL',
  'Unlicense',
]);

const path = join(root, 'docs/licenses.md');
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

const shipped = Object.entries(packages)
  .filter(([place, { dev, link }]) => place.startsWith('node_modules/') && !dev && !link)
  .map(([place, { version, license }]) => ({
    name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version,
    license: license ?? ofPackage(place),
  }));
const lines = [...new Set(shipped.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`))];
const wanted = `# Licences

All that the server is shipped with, of any platform, as \`package-lock.json\` has it. Written by \`npm run licenses\`; \`npm run check\` refuses licences that it does not know.

| package | version | licence |
|---|---|---|
${lines.toSorted().join('\n')}
`;

const refused = shipped.filter(({ license }) => !isAccepted(license));
for (const { name, license } of refused) console.error(`${name}: the licence ${license} is none that we may ship`);
if (refused.length > 0) process.exitCode = 1;
else if (!process.argv.includes('--check')) writeFileSync(path, wanted);
else if (!existsSync(path) || readFileSync(path, 'utf8') !== wanted) {
  console.error('docs/licenses.md is stale. Run: npm run licenses');
  process.exitCode = 1;
}

/** An SPDX expression: of `(A OR B)` one is enough. */
function isAccepted(expression) {
  const choices = expression.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((license) => accepted.has(license.trim())));
}

/** Old packages say it in a form that the lockfile leaves out, or in the text of their licence alone. */
function ofPackage(place) {
  const { license, licenses = [] } = JSON.parse(readFileSync(join(root, place, 'package.json'), 'utf8'));
  const named = license ?? licenses.map(({ type }) => type).join(' AND ');
  const text = join(root, place, 'license');
  const isMit = named === '' && existsSync(text) && readFileSync(text, 'utf8').startsWith('The MIT License');
  return isMit ? 'MIT' : named;
}

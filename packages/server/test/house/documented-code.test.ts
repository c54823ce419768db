/** The TypeScript in the documents and docstrings compiles against the packages as they are, with the settings that docs/install.md names. */
import { execFile } from 'node:child_process';
import { readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { docstringExamplesIn, examplesIn, programOf, type Example } from '../support/documented-code.js';
import { given } from '../support/documented-givens.js';
import { afterThisFile } from '../support/outcome.js';
import { tsconfig } from '../support/greeter-project.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';

const ROOT = new URL('../../../../', import.meta.url);
const MODULES = fileURLToPath(new URL('node_modules', ROOT));

const markdownIn = async (directory: string): Promise<readonly string[]> => {
  const names = await readdir(new URL(directory, ROOT));
  return names.filter((name) => name.endsWith('.md')).map((name) => directory + name);
};
/** Those whose docstrings are part of the documents. */
const published = ['agent', 'client', 'mail', 'server', 'swarm'];
/** What their examples show, nobody can import. */
const internal = ['packages/client/src/card-flaws.ts', 'packages/server/src/a2a/grpc/encode-json.ts'];
const sourcesIn = async (directory: string): Promise<readonly string[]> => {
  const names = await readdir(new URL(directory, ROOT), { recursive: true });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => directory + name.replaceAll('\\', '/'))
    .filter((source) => !internal.includes(source));
};
const packages = await readdir(new URL('packages/', ROOT));
const directories = ['', 'docs/', ...packages.map((name) => `packages/${name}/`)];
const documents = (await Promise.all(directories.map(markdownIn))).flat().filter((name) => name !== 'CHANGELOG.md');
const sources = (await Promise.all(published.map((name) => sourcesIn(`packages/${name}/src/`)))).flat();
const found = [
  ...documents.map((document) => examplesIn(ROOT, document)),
  ...sources.map((source) => docstringExamplesIn(ROOT, source)),
];
const examples = (await Promise.all(found)).flat();
const fileOf = ({ document, line, extension }: Example): string =>
  `${document.replaceAll(/\W/g, '-')}-${line}.${extension}`;

/** By file, what the compiler says. */
let flaws: readonly string[];

beforeAll(async () => {
  const directory = await makeTemporaryDirectory('documented-code');
  afterThisFile(() => rm(directory, { recursive: true, force: true }));
  const { include: _include, ...settings } = tsconfig;
  const { outDir: _outDir, rootDir: _rootDir, ...options } = settings.compilerOptions;
  // The types of the packages are checked in projects of their own (`npm run packages`); examples are for strict ones, too.
  const strict = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noImplicitOverride: true };
  const compilerOptions = { ...options, noEmit: true, skipLibCheck: true, jsx: 'react-jsx', ...strict };
  const files = {
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts', '*.tsx'] }),
    ...given.files,
    ...Object.fromEntries(examples.map((example) => [fileOf(example), programOf(example).text])),
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(directory, name), text)));
  await symlink(MODULES, join(directory, 'node_modules'), 'junction');
  flaws = (await compiled(directory)).split('\n').filter((line) => line !== '');
});

function compiled(directory: string): Promise<string> {
  return new Promise((resolve) => {
    const tsc = join(MODULES, 'typescript', 'bin', 'tsc');
    execFile(
      process.execPath,
      [tsc, '-p', directory, '--pretty', 'false'],
      { cwd: directory },
      (_error, stdout, stderr) => resolve(stdout + stderr),
    );
  });
}

it('says of nothing but the examples what is wrong', () => {
  const files = new Set(examples.map(fileOf));
  expect(flaws.filter((flaw) => !files.has(/^[^(\s]+/.exec(flaw)?.[0] ?? '') && !flaw.startsWith(' '))).toEqual([]);
});

it.each(examples.map((example) => ({ example, at: `${example.document}:${example.line}` })))(
  '$at compiles',
  ({ example }) => {
    const { offset } = programOf(example);
    const own = flaws.filter((flaw) => flaw.startsWith(`${fileOf(example)}(`));
    const said = own.map((flaw) =>
      flaw.replace(/^[^(]*\((\d+),\d+\)/, (_, line) => `${example.document}:${Number(line) - offset + example.line}`),
    );
    expect(said).toEqual([]);
  },
);

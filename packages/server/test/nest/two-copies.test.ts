/** A second copy of Nest, or of one of our own packages, stops the start: with both places, and what to do. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { afterThisFile } from '../support/outcome.js';
import { makeTemporaryDirectory } from '../support/temporary-directory.js';

const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url));
const ENDS_WITHIN_MS = 120_000;

const app = (imports: string) => `import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { A2AAgentBaseService } from '@continuo/agent';
import { ContinuoModule } from '@continuo/server';
${imports}
class AppModule {}
Module({ imports: [ContinuoModule.forRoot({ agents: [] })] })(AppModule);
await NestFactory.create(AppModule, { abortOnError: false, logger: false });
console.log('It has started.');
`;

/** A project that finds all packages of this repository by links, but for those that it has copies of. */
async function projectWith(copies: Readonly<Record<string, string>>, program: string): Promise<string> {
  const directory = await realpath(await makeTemporaryDirectory('two-copies'));
  afterThisFile(() => rm(directory, { recursive: true, force: true }));
  const modules = join(directory, 'node_modules');
  for (const name of await packageNames()) {
    if (Object.values(copies).includes(`node_modules/${name}`)) continue;
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(await realpath(join(MODULES, name)), join(modules, name), 'junction');
  }
  for (const [name, place] of Object.entries(copies)) {
    const from = await realpath(join(MODULES, name));
    // No node_modules of its own: it finds what the project has.
    const filter = (path: string): boolean => !/[\\/](node_modules|src|test)$/.test(path.slice(from.length));
    await cp(from, join(directory, place), { recursive: true, filter });
  }
  await writeFile(join(directory, 'main.mjs'), program);
  return directory;
}

async function packageNames(): Promise<readonly string[]> {
  const names = (await readdir(MODULES)).filter((name) => !name.startsWith('.'));
  const scoped = names.map(async (name) =>
    name.startsWith('@') ? (await readdir(join(MODULES, name))).map((one) => `${name}/${one}`) : [name],
  );
  return (await Promise.all(scoped)).flat();
}

function run(directory: string): Promise<{ readonly code: unknown; readonly all: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  return new Promise((resolve) => {
    const options = { cwd: directory, env, timeout: ENDS_WITHIN_MS };
    execFile(process.execPath, ['main.mjs'], options, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, all: stdout + stderr });
    });
  });
}

/** A package of agents that has brought a copy of what it should have as a peer. */
const nested = (name: string) => ({ [name]: `node_modules/agents-of-others/node_modules/${name}` });
const others = (name: string) => ({
  copies: nested(name),
  imports: `import { A2AAgentBaseService as Other } from './node_modules/agents-of-others/node_modules/${name}/dist/index.js';`,
});

it('starts with one copy of each', async () => {
  const { code, all } = await run(await projectWith({}, app('')));
  expect(all).toContain('It has started.');
  expect(code).toBe(0);
});

it.each([
  { name: '@nestjs/core', copies: { '@nestjs/core': 'node_modules/@nestjs/core' }, imports: '' },
  { name: '@continuo/agent', ...others('@continuo/agent') },
  { name: '@continuo/server', ...others('@continuo/server') },
])('stops with a second copy of $name, and says where both are', async ({ name, copies, imports }) => {
  const directory = await projectWith(copies, app(imports));
  const { code, all } = await run(directory);
  const places = [await realpath(join(MODULES, name)), join(directory, Object.values(copies)[0] ?? '')];
  expect(all).toContain(`Continuo needs one copy of ${name}, and finds 2: `);
  for (const place of places) expect(all).toContain(`${place} (`);
  expect(all).toContain(`npm ls ${name}`);
  expect(all).not.toContain('It has started.');
  expect(code).toBe(1);
});

it('stops where Continuo has another @nestjs/common than the Nest that makes the application', async () => {
  // Everything is of the project, but for what @continuo/server has beside itself.
  const directory = await projectWith(
    {
      '@continuo/server': 'node_modules/@continuo/server',
      '@nestjs/common': 'node_modules/@continuo/server/node_modules/@nestjs/common',
    },
    app(''),
  );
  const { code, all } = await run(directory);
  expect(all).toContain('Continuo needs one copy of @nestjs/common, and finds 2: ');
  expect(all).toContain(join(directory, 'node_modules/@continuo/server/node_modules/@nestjs/common'));
  expect(code).toBe(1);
});

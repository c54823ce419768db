/** The templates keep step with each other and with this repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ownVersion, templatesDirectory } from '../src/own-package.js';
import { templates } from '../src/templates.js';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
/** What every project has in common. */
const SAME = ['tsconfig.json', 'test/tsconfig.json', 'vitest.config.ts', '_gitignore'];

/** What some need beside that. */
const more: Readonly<Record<string, Partial<Pick<Manifest, 'dependencies' | 'devDependencies'>>>> = {
  llm: { dependencies: { '@ai-sdk/anthropic': `^${installedVersion('@ai-sdk/anthropic')}` } },
  // Those of NestExpressApplication.
  nest: { devDependencies: { '@types/express': `^${installedVersion('@types/express')}` } },
};

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

function read(...path: readonly string[]): string {
  return readFileSync(join(...path), 'utf8');
}

function manifestOf(...path: readonly string[]): Manifest {
  return JSON.parse(read(...path, 'package.json')) as Manifest;
}

/** That which this repository is built and tested with. */
function installedVersion(name: string): string {
  return manifestOf(repository, 'node_modules', name).version;
}

it('there is a directory for each, and no other', () => {
  expect(readdirSync(templatesDirectory)).toEqual(templates.map(({ id }) => id).toSorted());
});

describe.each(templates)('the template $id', ({ id }) => {
  const { dependencies, devDependencies, overrides } = manifestOf(templatesDirectory, id);

  it('asks for what this repository is built and tested with', () => {
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
      const isOurs = name === 'continuo' || name.startsWith('@continuo/');
      expect([name, range]).toEqual([name, `^${isOurs ? ownVersion() : installedVersion(name)}`]);
    }
    expect(overrides).toEqual(manifestOf(repository).overrides);
  });

  it('has what all have in common', () => {
    for (const file of SAME) expect(read(templatesDirectory, id, file)).toBe(read(templatesDirectory, 'minimal', file));
    const { name: _name, ...rest } = manifestOf(templatesDirectory, id);
    const { name: _other, ...common } = manifestOf(templatesDirectory, 'minimal');
    expect(rest).toEqual({
      ...common,
      dependencies: { ...common.dependencies, ...more[id]?.dependencies },
      devDependencies: { ...common.devDependencies, ...more[id]?.devDependencies },
    });
  });
});

/** The command as npm runs it: `create-continuo`, in a process of its own. */
import { spawnSync } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from 'vitest';
import { makeTestDirectory } from '../../../server/test/support/test-directory.js';

const program = fileURLToPath(new URL('../../bin/create-continuo.js', import.meta.url));
let directory: string;

beforeEach(async () => {
  directory = await makeTestDirectory('create-command');
});

function run(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, stdout, stderr };
}

it('makes a project without a question when nobody can answer one', async () => {
  const { status, stdout, stderr } = run('trips', '--template', 'team', '--no-install');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('What next:');
  await access(join(directory, 'trips/src/agents/planner.agent.ts'));
});

it('says in one line what it refuses, with exit code 1', () => {
  expect(run('Trips', '--no-install')).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/^"Trips" can't be the name of a package: [^\n]+\n$/),
  });
});

it('tells how it is used, and its version', () => {
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('npm create continuo@latest') });
  expect(run('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

/** From the version before to this one: a task that waits meanwhile is answered, and ends. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import type { Project } from '../../../server/test/support/foreign-project.js';
import { freePort } from '../../../server/test/support/server-process.js';
import { called, produced } from '../support/made-project.js';
import { ordinaryProject } from '../support/ordinary-project.js';

async function versionOf(project: Project, name: string): Promise<string> {
  const manifest = await readFile(join(project.directory, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

it('goes on with the tasks of the version before', async () => {
  const { before } = inject('packages');
  const directory = await ordinaryProject();
  const template = ['--', '--template', 'team', '--yes'];
  await directory.npm('create', `continuo@${before}`, 'my-agents', '--yes', ...template);
  const project = directory.inside('my-agents');
  expect(await versionOf(project, '@continuo/server')).toBe(before);
  await project.npm('run', 'build');

  const { url } = await createTestDatabase();
  const port = String(await freePort());
  const old = await produced(project, port, url);
  const asked = await called(project, port, 'travel/planner', '3 days in Lisbon');
  expect(asked.all).toContain('3 days in Lisbon cost');
  const id = /--task (\S+)/.exec(asked.all)?.[1] ?? '';
  await old.stop();

  await project.npm('install', '@continuo/server@latest', 'continuo@latest');
  await project.npm('install', '--save-dev', '@continuo/agent@latest');
  for (const name of ['@continuo/server', '@continuo/agent', 'continuo']) {
    expect([name, await versionOf(project, name)]).not.toEqual([name, before]);
  }
  await project.npm('run', 'build');
  const renewed = await produced(project, port, url);
  const answered = await called(project, port, 'travel/planner', '--task', id, '--data', '"yes"');
  expect(answered).toMatchObject({ code: 0 });
  expect(answered.all).toContain('The plan for Lisbon is ready');
  await renewed.stop();
});

/** A project as whoever makes one gets it: created, installed, tested, built, developed and run outside of this repository. */
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { emptyProject, withRegistry, type Output, type Project } from '../../../server/test/support/foreign-project.js';
import { freePort } from '../../../server/test/support/server-process.js';
import { called, complaint, developed, edited, produced } from '../support/made-project.js';

let created: Output;
let project: Project;

beforeAll(
  () =>
    withRegistry(async (registry) => {
      const directory = await emptyProject(registry);
      await directory.npm('install', 'create-continuo');
      created = await directory.run('create-continuo', 'my-agents', '--yes');
      project = directory.inside('my-agents');
    }),
  900_000,
);

it('is made and installed without a warning', () => {
  expect(created).toMatchObject({ code: 0 });
  expect(created.all).not.toMatch(complaint);
});

it('passes its own test, and builds', async () => {
  expect((await project.npm('test')).all).toMatch(/Tests {2}\d+ passed/);
  await project.npm('run', 'build');
});

it('answers from npm run dev, with its own PostgreSQL, and an edit shows', async () => {
  const port = String(await freePort());
  const dev = await developed(project, port);
  expect((await called(project, port, 'demo/greeter', 'Ada')).all).toContain('Ada! This is greeting number 1');
  expect((await fetch(`http://127.0.0.1:${port}/console/`)).status).toBe(200);
  await edited(project, port, { agent: 'demo/greeter', file: 'src/agents/greeter.agent.ts' });
  await dev.stop();
});

it('answers from npm start in production, and stops in order', async () => {
  const { url } = await createTestDatabase();
  const port = String(await freePort());
  const server = await produced(project, port, url);
  expect((await called(project, port, 'demo/greeter', 'Ada')).all).toContain('Ada! This is greeting number 1');
  await server.stop();
  expect(server.output()).toContain('"msg":"stopped"');
});

/** `continuo dev`: an edit goes live while a task runs; what doesn't compile changes nothing. */
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import { freePort } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { makeProject, type Going, type Project } from '../support/project.js';

let project: Project;
let server: Going;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  project = await makeProject({ DATABASE_URL: url, PORT: String(await freePort()) });
  server = project.start(['dev']);
  await said('Continuo is ready');
});

function said(words: string): Promise<unknown> {
  return until(() => server.output().includes(words), { what: `${words} to be said`, timeoutMs: 180_000 });
}

async function answer(): Promise<string> {
  const { stdout, stderr } = await project.run('call', 'greeter', 'Ada');
  return stdout + stderr;
}

it('runs TypeScript with what is injected by its type, and shows tasks as they run', async () => {
  expect(await answer()).toBe('Hello, Ada!\n');
  await said('demo/greeter completed');
});

it('shows what an agent has to say about its output beside the output', async () => {
  const report = await project.run('call', 'greeter', 'report');
  expect(report).toEqual({ code: 0, stdout: 'All is well.\n', stderr: 'The report is ready.\n' });
  const word = await project.run('call', 'greeter', 'word');
  expect(word).toEqual({ code: 0, stdout: 'There is nothing to report.\n', stderr: '' });
});

it('has an edit live while a task runs, which goes on with the new code', async () => {
  const { stdout } = await project.run('call', 'greeter', 'slow', '--detach');
  const id = stdout.trim();
  project.edit('src/words.ts', `'Hello'`, `'Bonjour'`);
  await until(async () => (await answer()) === 'Bonjour, Ada!\n', { what: 'the edit to be live', timeoutMs: 120_000 });
  await until(() => project.has('Bonjour'), { what: 'the task to be handed over to the new code' });
  // Only now it can end.
  project.write('go', '');
  const watched = await project.run('tasks', 'watch', id);
  expect(watched.code).toBe(0);
  expect(watched.stdout).toBe('Bonjour, slow!\n');
});

it('tells what does not compile, goes on with the code from before, and takes up what mends it', async () => {
  project.edit('src/words.ts', `return 'Bonjour';`, `return 'Bonjour`);
  // Whichever finds it first: what loads the code, or what checks its types.
  await said('The code from before goes on');
  expect(await answer()).toBe('Bonjour, Ada!\n');
  project.edit('src/words.ts', `return 'Bonjour`, `return 7`);
  await said("'number' is not assignable to type 'string'");
  expect(await answer()).toBe('Bonjour, Ada!\n');
  project.edit('src/words.ts', `return 7`, `return 'Ciao'`);
  await until(async () => (await answer()) === 'Ciao, Ada!\n', {
    what: 'what mends it to be live',
    timeoutMs: 120_000,
  });
});

it('answers a task in a call of its own, and says what comes of it', async () => {
  const asked = await project.run('call', 'greeter', 'ask');
  expect(asked.code).toBe(3);
  const id = /--task (\S+)/.exec(asked.stderr)?.[1] ?? '';
  const answered = await project.run('call', 'greeter', '--task', id, '--data', '{"ok":true}');
  expect(answered).toMatchObject({ code: 0, stdout: 'You said {"ok":true}\n' });
  expect(answered.stderr).not.toContain('Shall I?');
});

it('checks open tasks against the program, and ends in order', async () => {
  const asked = await project.run('call', 'greeter', 'ask');
  expect(asked.code).toBe(3);
  const checked = await project.run('check', '--json');
  expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, checked: 1 });
  expect(checked.code).toBe(0);
  server.child.kill('SIGTERM');
  expect((await server.ended).code).toBe(0);
});

/** Commands that follow a task stop where it is now: not at a question that was answered, or an attempt that was made again. */
import { beforeAll, expect, it } from 'vitest';
import { startServer, type ServerProcess } from '../../../server/test/support/server-process.js';
import { until } from '../../../server/test/support/until.js';
import { makeProject, type Going, type Project, type Run } from '../support/project.js';

const entry = new URL('../support/asking-server.mjs', import.meta.url).pathname;
let server: ServerProcess;
let project: Project;

beforeAll(async () => {
  server = await startServer({ entry });
  project = await makeProject({ CONTINUO_URL: server.url });
});

const run = (...words: readonly string[]): Promise<Run> => project.run(...words);

/** The id of a task that has begun. */
async function begin(agent: string, text: string): Promise<string> {
  return (await run('call', agent, text, '--detach')).stdout.trim();
}

/** Its question is answered, and it listens. */
async function answered(): Promise<string> {
  const { stderr } = await run('call', 'listens', 'Hi');
  const [, id = ''] = /--task (\S+)/.exec(stderr) ?? [];
  await run('call', 'listens', 'yes', '--task', id, '--detach');
  await until(async () => (await run('tasks', 'show', id)).stdout.includes('working'), {
    what: `task ${id} to listen`,
  });
  return id;
}

it('call and watch stop at a question that waits, with its words and how to answer it', async () => {
  const called = await run('call', 'listens', 'Hi');
  const [, id = ''] = /--task (\S+)/.exec(called.stderr) ?? [];
  const asked = `? The old question?\nIt waits for an answer: continuo call test/listens --task ${id} "…"\n`;
  expect([called.code, called.stderr]).toEqual([3, asked]);
  expect(await run('tasks', 'watch', id)).toEqual({ code: 3, stdout: '', stderr: asked });
});

it('call --task does not take a question that was answered for one that waits; nor does watch, of a task that is done', async () => {
  const id = await answered();
  const told = await run('call', 'listens', 'more', '--task', id);
  expect(told).toEqual({ code: 0, stdout: 'yes, more\n', stderr: '' });
  expect(await run('tasks', 'watch', id)).toEqual({ code: 0, stdout: 'yes, more\n', stderr: '' });
  expect((await run('tasks', 'watch', id, '--json')).stdout.trimEnd().split('\n').at(-1)).toContain('COMPLETED');
});

it('watch goes on to the attempt that followed a failed one, and says why the last one failed', async () => {
  const id = await begin('second-try', `${project.directory}/mended`);
  const failed = await run('tasks', 'watch', id);
  expect([failed.code, failed.stderr]).toEqual([1, `✗ Task ${id} failed: The file is missing.\n`]);
  project.write('mended', '');
  await run('tasks', 'retry', id);
  expect(await run('tasks', 'watch', id)).toEqual({ code: 0, stdout: 'Mended.\n', stderr: '' });
});

it('watch ends with 1 for a task that was cancelled, and with 130 on Ctrl-C', async () => {
  const id = await begin('sleeps', 'Hi');
  const watching: Going = project.start(['tasks', 'watch', id, '--json']);
  await until(() => watching.output().includes('statusUpdate'), { what: 'the first event' });
  watching.child.kill('SIGINT');
  expect((await watching.ended).code).toBe(130);
  await run('tasks', 'cancel', id);
  const { code, stderr } = await run('tasks', 'watch', id);
  expect([code, stderr]).toEqual([1, expect.stringContaining(`Task ${id} was cancelled`)]);
});

it('why a task failed is told without what its text would have the terminal do', async () => {
  const id = await begin('rude', 'Hi');
  const watched = await run('tasks', 'watch', id);
  const { stdout } = await run('tasks', 'show', id);
  expect([watched.stderr, stdout]).toEqual([`✗ Task ${id} failed: No way.\n`, expect.stringContaining('No way.')]);
  // oxlint-disable-next-line no-control-regex -- that is what must not be there
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
});

it('deletes a task that has ended, and asks before', async () => {
  const id = await begin('rude', 'Hi');
  await run('tasks', 'watch', id);
  expect((await run('tasks', 'delete', id)).stderr).toContain('Say so with --yes.');
  expect(await run('tasks', 'delete', id, '--yes')).toMatchObject({ code: 0, stdout: `Task ${id} is deleted.\n` });
  expect((await run('tasks', 'show', id)).code).toBe(2);
});

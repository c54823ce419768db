/** Several tasks are cancelled by one command: each by itself, and what became of each is told. */
import { expect, it } from 'vitest';
import { httpServer } from '../../client/test/support/http-server.js';
import { captured } from './support/captured-run.js';

const ended = {
  error: {
    code: 409,
    status: 'FAILED_PRECONDITION',
    message: 'Task b has ended.',
    details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'TASK_NOT_CANCELABLE', domain: 'x' }],
  },
};

async function server(): Promise<string> {
  return httpServer((request, response) => {
    const [, id] = /^\/tasks\/(\w+):cancel$/.exec(decodeURIComponent(request.url ?? '')) ?? [];
    response.setHeader('content-type', 'application/json');
    if (id === 'gone') response.destroy();
    else if (id === 'b') response.writeHead(409).end(JSON.stringify(ended));
    else response.end(JSON.stringify({ id, status: { state: 'TASK_STATE_CANCELED' } }));
  });
}

it('one that has ended keeps nobody from the others', async () => {
  const { code, stdout, stderr } = await captured(['tasks', 'cancel', 'a', 'b', 'c', '--url', await server()]);
  expect(stdout).toBe('Task a is cancelled.\nTask c is cancelled.\n');
  expect([code, stderr]).toEqual([2, 'error: Task b has ended.\n']);
});

it('tells of those that were cancelled before the server went away', async () => {
  const { code, stdout, stderr } = await captured([
    'tasks',
    'cancel',
    'a',
    'gone',
    'c',
    '--json',
    '--url',
    await server(),
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ tasks: [{ id: 'a' }] });
  expect([code, stderr]).toEqual([2, expect.stringContaining('No server answers')]);
});

it('says no more than what is wrong with a single one', async () => {
  expect(await captured(['tasks', 'cancel', 'b', '--url', await server()])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: Task b has ended.\n',
  });
});

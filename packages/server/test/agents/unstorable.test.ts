/** Agents that say what PostgreSQL can't hold, or what is no part: the task ends at once, with what can be kept. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { at, call } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import { startServer, type RunningServer } from '../../src/server.js';

@A2AAgent({ type: 'test', name: 'babbler', description: 'Says odd things.' })
class Babbler extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const sides = [{ text: 'half \uD83D', data: { '\0key': ['\uDE00'] } }];
    switch (task.text) {
      case 'halves': {
        const stream = task.stream({ name: 'smile' });
        for (const half of ['a \uD83D', '\uDE00 b \uD83D']) await stream.write(half);
        await stream.end();
        return 'ended \0 here';
      }
      case 'parts':
        await task.artifact({ name: 'both', parts: sides });
        return 'not reached';
      case 'bigint':
        await task.artifact({ name: 'big', parts: [{ data: 1n }] });
        return 'not reached';
      case 'circle': {
        const circle: Record<string, unknown> = {};
        circle['self'] = circle;
        await task.artifact({ name: 'round', parts: [{ data: circle }] });
        return 'not reached';
      }
      case 'state': {
        const { state } = task.session;
        await state.set('set', 'a\0b');
        await state.update('updated', () => ({ half: '\uD83D' }));
        return JSON.stringify([await state.get('set'), await state.get('updated')]);
      }
      case 'instead':
        await task.artifact({ name: 'big', parts: [{ data: 1n }] }).catch(() => task.progress(0.1, 'said otherwise'));
        await task.requestInput('Go on?');
        await task.artifact({ name: 'behind', parts: 'what came behind' });
        return 'done';
      case 'step':
        await task.step('refused by the database', () => 1);
        return 'not reached';
      case 'unrecorded':
        throw Object.assign(new Error('no record'), { name: 'Unrecorded' });
      default:
        await task.progress(0.5, 'at \0 half');
        throw new Error('broken \uD83D');
    }
  }
}

let server: RunningServer;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  await runOn(url, "ALTER TABLE journal ADD CHECK (name <> 'refused by the database')");
  await runOn(url, "ALTER TABLE task_failures ADD CHECK (name <> 'Unrecorded')");
  server = await startServer({
    agents: [Babbler],
    env: { DATABASE_URL: url, PORT: '0', CONTINUO_LOG_LEVEL: 'silent' },
  });
});

afterAll(() => server.stop());

interface Task {
  readonly id: string;
  readonly status: {
    readonly state: string;
    readonly message?: { readonly parts: readonly { readonly text: string }[] };
  };
  readonly artifacts?: readonly { readonly parts: readonly { readonly text: string }[] }[];
}

async function send(message: unknown): Promise<Task> {
  const response = await fetch(`${server.url}/agents/test/babbler/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, wait: true }),
  });
  return (await response.json()) as Task;
}

async function run(message: unknown): Promise<{ state: string; said: string; artifact: string }> {
  const task = await send(message);
  const artifact = task.artifacts?.[0]?.parts.map(({ text }) => text).join('') ?? '';
  return { state: task.status.state, said: saidBy(task), artifact };
}

it('keeps a character whole that comes in two chunks, and replaces what is none', async () => {
  const smile = { state: 'TASK_STATE_COMPLETED', said: 'ended \uFFFD here', artifact: 'a \u{1F600} b \uFFFD' };
  expect(await run('halves')).toEqual(smile);
});

it('fails at once, and says why, when a part is none', async () => {
  expect(await run('parts')).toMatchObject({
    state: 'TASK_STATE_FAILED',
    said: expect.stringContaining('exactly one of'),
  });
});

it('fails at once, and says why, when data are not JSON', async () => {
  expect(await run('bigint')).toMatchObject({ state: 'TASK_STATE_FAILED', said: expect.stringContaining('bigint') });
  expect(await run('circle')).toMatchObject({
    state: 'TASK_STATE_FAILED',
    said: expect.stringContaining('contains itself'),
  });
});

it('is refused again when the run begins again, so that all that comes behind is heard', async () => {
  const { id: taskId, status } = await send('instead');
  expect(status.state).toBe('TASK_STATE_INPUT_REQUIRED');
  const done = { state: 'TASK_STATE_COMPLETED', said: 'done', artifact: 'what came behind' };
  expect(await run({ taskId, parts: [{ text: 'yes' }] })).toEqual(done);
});

it('tells of an error whatever is in its message', async () => {
  expect(await run('error')).toMatchObject({ state: 'TASK_STATE_FAILED', said: 'broken \uFFFD' });
});

it('in the state of its session keeps what can be kept of it', async () => {
  const { state, said } = await run('state');
  expect([state, said]).toEqual(['TASK_STATE_COMPLETED', JSON.stringify(['a\uFFFDb', { half: '\uFFFD' }])]);
});

it('fails a task whose step gave what the database refuses; the failure is in its trace, and counted among the others', async () => {
  const failed = await send('step');
  const why = expect.stringContaining("can't be stored");
  expect([failed.status.state, saidBy(failed)]).toEqual(['TASK_STATE_FAILED', why]);
  const { body: trace } = await call('GET', `${server.url}/tasks/${failed.id}/trace`);
  expect(at(trace, 'error')).toMatchObject({ name: 'NotStoredError', message: why });
  const { body: statistics } = await call('GET', `${server.url}/statistics/errors`);
  expect(at(statistics, 'errors')).toContainEqual(
    expect.objectContaining({ name: 'NotStoredError', agent: 'test/babbler', count: 1, taskId: failed.id }),
  );
});

it('fails a task also where nothing can be recorded of its failure', async () => {
  expect(await run('unrecorded')).toMatchObject({ state: 'TASK_STATE_FAILED', said: 'no record' });
});

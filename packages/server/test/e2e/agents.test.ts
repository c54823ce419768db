/** Agents that fail in every way, and what their tasks say then; steps that are retried, agents that call agents. */
import type { Task } from '@a2a-js/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { answerIn, connect, conversation, send, stateOf } from '../support/a2a-client.js';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf } from '../support/event-stream.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';

const entry = new URL('../support/agents-server.mjs', import.meta.url).pathname;
let url: string;

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  ({ url } = await startServer({ entry, env: { DATABASE_URL: databaseUrl } }));
});

async function ask(name: string, content: unknown = 'go'): Promise<Task> {
  return send(await connect(url, `test/${name}`), content);
}

const said = (task: Task): string => answerIn(task);
const failureOf = (task: Task): unknown => task.metadata?.['urn:continuo:a2a:error:v1'];

describe('a task fails', () => {
  it('when its agent throws, with the message for everybody and the cause for its owner', async () => {
    const task = await ask('throws');
    expect([stateOf(task), said(task)]).toEqual(['FAILED', 'The printer is on fire.']);
    expect(failureOf(task)).toEqual({ name: 'Error', message: 'The printer is on fire.', causes: ['Paper jam.'] });
    expect(conversation(task)).toEqual(['user: go', 'agent: The printer is on fire.']);
    expect(JSON.stringify(task)).not.toContain('.mjs');
  });

  it('when its agent throws before it has begun', async () => {
    const task = await ask('throws-at-once');
    expect([stateOf(task), said(task)]).toEqual(['FAILED', 'There is nothing to do here.']);
  });

  it('when its agent returns nonsense', async () => {
    const task = await ask('nonsense');
    expect(stateOf(task)).toBe('FAILED');
    expect(said(task)).toContain('`execute` returned ');
  });

  it('when its agent does not return in time', async () => {
    const task = await ask('endless');
    expect([stateOf(task), said(task)]).toEqual(['FAILED', 'The agent did not finish within 300 ms.']);
  });

  it('when a step has failed as often as it may', async () => {
    const task = await ask('hopeless');
    expect([stateOf(task), said(task)]).toEqual(['FAILED', 'Step "doomed" failed 2 times: No luck.']);
    expect(failureOf(task)).toMatchObject({
      name: 'StepFailedError',
      step: 'doomed',
      causes: ['No luck.', 'No luck.'],
    });
  });

  it('when an agent that it called fails, saying which', async () => {
    const task = await ask('calls-one-that-throws');
    expect([stateOf(task), said(task)]).toEqual(['FAILED', 'test/throws failed: The printer is on fire.']);
  });
});

describe('a task completes', () => {
  it('when a step succeeds at the third attempt', async () => {
    const task = await ask('flaky');
    expect([stateOf(task), said(task)]).toEqual(['COMPLETED', 'Attempt 3 succeeded.']);
  });

  it('when its agent says nothing at all', async () => {
    expect(stateOf(await ask('empty'))).toBe('COMPLETED');
  });

  it('and stays as it was, whatever its agent emits after its end', async () => {
    const task = await ask('late');
    expect([stateOf(task), said(task)]).toEqual(['COMPLETED', 'In time.']);
    const refusals = async (): Promise<number> => said(await ask('refusals')).split(task.id).length - 1;
    await until(async () => (await refusals()) === 2, { what: 'the agent to be refused twice' });
    const frames = await allFramesOf(await fetch(`${url}/tasks/${task.id}/events`));
    expect(frames.at(-1)?.data).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    expect(JSON.stringify(frames)).not.toContain('too late');
    expect((await call('GET', `${url}/tasks/${task.id}`)).body).not.toHaveProperty('artifacts.1');
  });
});

describe('a step', () => {
  it('that fails for good is not tried again, and its agent may go on without it', async () => {
    expect(said(await ask('terminal-step'))).toBe('TerminalError after 1: Never again.');
  });

  it('that takes too long is given up, as often as it may be tried', async () => {
    expect(said(await ask('slow-step'))).toBe('StepFailedError: slow, 2 attempts');
  });
});

describe('an agent that calls agents', () => {
  it('gets their answers, and its tasks hang together as a tree', async () => {
    const task = await ask('calls', 'knock knock');
    expect([stateOf(task), said(task)]).toEqual(['COMPLETED', 'knock knock, {"heard":"knock knock"}']);
    const { body: children } = await call('GET', `${url}/tasks?parentTaskId=${task.id}`);
    expect(children).toMatchObject({ totalSize: 2 });
    for (const child of at(children, 'tasks') as unknown[]) {
      expect(child).toMatchObject({
        contextId: task.contextId,
        metadata: {
          agent: 'function/echo',
          'urn:continuo:a2a:progress:v1': { parentTaskId: task.id, rootTaskId: task.id },
        },
      });
    }
    expect((await call('GET', `${url}/tasks?rootTaskId=${task.id}`)).body).toMatchObject({ totalSize: 2 });
  });

  it('is cancelled with those that it called', async () => {
    const caller = await connect(url, 'test/calls-endless');
    const { id } = await send(caller, 'go', { returnImmediately: true });
    const children = `${url}/tasks?parentTaskId=${id}`;
    const child = await until(async () => textAt((await call('GET', children)).body, 'tasks', 0, 'id') || undefined, {
      what: 'the child to begin',
    });
    await caller.cancelTask({ id, tenant: '', metadata: undefined });
    const { body } = await call('GET', `${url}/tasks/${child}`);
    expect(at(body, 'status', 'state')).toBe('TASK_STATE_CANCELED');
  });
});

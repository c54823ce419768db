/** Parents and children: started together, followed, asked through, retried, given up. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase } from '../support/database.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { A2AAgent } from '../../src/agents/a2a-agent.js';
import { A2AAgentBaseService } from '../../src/agents/a2a-agent-base.service.js';
import type { ChildCall, TaskContext } from '../../src/agents/task-context.js';
import { until } from '../support/until.js';

const PROGRESS = 'urn:continuo:a2a:progress:v1';
const INPUT = 'urn:continuo:a2a:input:v1';

/** How often each named piece of work was begun, in this process. */
const begun = new Map<string, number>();

@A2AAgent({ type: 'test', name: 'child', description: 'Does what its text says.' })
class Child extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const [verb = '', name = ''] = task.text.split(' ');
    begun.set(name, (begun.get(name) ?? 0) + 1);
    if (verb === 'half') await task.progress(0.5, 'half way');
    if (verb === 'half' || verb === 'wait') await task.inbox.wait();
    if (verb === 'fail') throw new Error(`${name} can't be done`);
    if (verb === 'flaky') await task.step('work', () => fails(name), { maxAttempts: 1 });
    if (verb === 'ask') {
      const { data } = await task.requestInput(`Which ${name}?`, { schema: z.object({ pick: z.string() }) });
      return `${name} is ${data.pick}`;
    }
    return `did ${name}`;
  }
}

/** Only the first time. */
function fails(name: string): string {
  if (begun.get(name) === 1) throw new Error(`${name} failed`);
  return name;
}

@A2AAgent({ type: 'test', name: 'parent', description: 'Has its data done by children, all at once.' })
class Parent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const calls = task.data as readonly ChildCall[];
    const results = await task.callAll(calls);
    return results.map(({ text, error }) => error ?? text).join('; ');
  }
}

@A2AAgent({ type: 'test', name: 'grandparent', description: 'Passes its data on to a parent.' })
class Grandparent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const { text } = await task.call('test/parent', task.parts, { share: 0.8 });
    await task.progress(0.9, 'putting it together');
    return `all done: ${text}`;
  }
}

interface Task {
  readonly id: string;
  readonly contextId: string;
  readonly status: {
    readonly state: string;
    readonly message?: {
      readonly messageId: string;
      readonly parts: readonly { readonly text?: string }[];
      readonly metadata?: Record<string, { readonly schema?: unknown }>;
    };
  };
  readonly metadata?: Record<
    string,
    { readonly fraction?: number; readonly stage?: string; readonly attempt?: number }
  >;
}

let server: RunningServer;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  const env = { DATABASE_URL: url, PORT: '0', CONTINUO_LOG_LEVEL: 'silent', CONTINUO_DRAIN_MS: '0' };
  server = await startServer({ agents: [Child, Parent, Grandparent], env });
});

beforeEach(() => begun.clear());

afterAll(() => server.stop());

async function post(
  path: string,
  body: unknown,
): Promise<{ status: number; body: Task & { error: { message: string } } }> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Task & { error: { message: string } } };
}

async function send(agent: string, calls: readonly ChildCall[]): Promise<Task> {
  const { body } = await post(`/agents/test/${agent}/tasks`, { message: { parts: [{ data: calls }] } });
  return body;
}

function answer(agent: string, task: Pick<Task, 'id' | 'contextId'>, pick: unknown) {
  const message = { taskId: task.id, contextId: task.contextId, parts: [{ data: { pick } }] };
  return post(`/agents/test/${agent}/tasks`, { message });
}

async function get<Body>(path: string): Promise<Body> {
  return (await (await fetch(`${server.url}${path}`)).json()) as Body;
}

async function reaches(id: string, state: string, says?: string): Promise<Task> {
  const now = (): Promise<Task> => get<Task>(`/tasks/${id}`);
  const there = async (): Promise<boolean> => {
    const { status } = await now();
    return status.state === `TASK_STATE_${state}` && (says === undefined || textOf(status) === says);
  };
  await until(there, { what: `${state} ${says ?? ''}` });
  return now();
}

function textOf({ message }: Task['status']): string {
  return message?.parts.map(({ text }) => text ?? '').join('') ?? '';
}

async function childrenOf(id: string): Promise<readonly Task[]> {
  return (await get<{ tasks: readonly Task[] }>(`/tasks?rootTaskId=${id}&pageSize=50`)).tasks;
}

/** The fractions that the task's log shows, in order. */
async function fractionsOf(id: string): Promise<readonly number[]> {
  const log = await (await fetch(`${server.url}/tasks/${id}/events`)).text();
  const frames = log.split('\n').filter((line) => line.startsWith('data: '));
  return frames.flatMap((line) => {
    const event = JSON.parse(line.slice(6)) as { statusUpdate?: Task };
    return event.statusUpdate?.metadata?.[PROGRESS]?.fraction ?? [];
  });
}

const child = (input: string, more: Partial<ChildCall> = {}): ChildCall => ({ agent: 'test/child', input, ...more });

describe('callAll', () => {
  it('answers in the order of the calls, whoever is done first', async () => {
    const task = await send('parent', [child('half slow'), child('do fast')]);
    await until(async () => (await childrenOf(task.id)).some(({ status }) => textOf(status) === 'did fast'), {
      what: 'the second child to end',
    });
    const slow = (await childrenOf(task.id)).find(({ status }) => status.state === 'TASK_STATE_WORKING');
    await post('/agents/test/child/tasks', { message: { taskId: slow?.id, parts: [{ text: 'go on' }] } });
    expect(textOf((await reaches(task.id, 'COMPLETED')).status)).toBe('did slow; did fast');
  });

  it('shows the progress of the children by their weights, all the way up, never going back', async () => {
    const task = await send('grandparent', [child('half slow', { weight: 3 }), child('do fast', { weight: 1 })]);
    // (3 × 0.5 + 1 × 1) / 4 of the parent, 0.8 of which is the grandparent's.
    const half = async (): Promise<boolean> =>
      (await get<Task>(`/tasks/${task.id}`)).metadata?.[PROGRESS]?.fraction === 0.5;
    await until(half, { what: 'the progress of the grandchildren' });
    const tree = await childrenOf(task.id);
    expect(tree).toHaveLength(3);
    const slow = tree.find(({ metadata }) => metadata?.[PROGRESS]?.stage === 'half way');
    await post('/agents/test/child/tasks', { message: { taskId: slow?.id, parts: [{ text: 'go on' }] } });
    await reaches(task.id, 'COMPLETED');
    const fractions = await fractionsOf(task.id);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions).toEqual(expect.arrayContaining([0.5, 0.8, 0.9]));
  });

  it('refuses a weight that is none, before any child begins', async () => {
    const task = await send('parent', [child('do a', { weight: -1 })]);
    const failed = await reaches(task.id, 'FAILED');
    expect(textOf(failed.status)).toBe('calls[0].weight: expected a number from 0, got -1');
    expect(await childrenOf(task.id)).toEqual([]);
  });
});

describe('a child that fails', () => {
  it('fails its parent, and ends the other children', async () => {
    const task = await send('parent', [child('wait long'), child('fail it')]);
    const failed = await reaches(task.id, 'FAILED');
    expect(textOf(failed.status)).toBe("test/child ended failed: it can't be done");
    const states = (await childrenOf(task.id)).map(({ status }) => status.state).toSorted();
    expect(states).toEqual(['TASK_STATE_CANCELED', 'TASK_STATE_FAILED']);
  });

  it('is a result like others when the parent wants it so', async () => {
    const task = await send('parent', [child('fail it', { onFailure: 'ignore' }), child('do that')]);
    const { status } = await reaches(task.id, 'COMPLETED');
    expect(textOf(status)).toBe("test/child ended failed: it can't be done; did that");
  });

  it('is retried as often as the parent wants, as the same task', async () => {
    const task = await send('parent', [child('flaky once', { onFailure: { retries: 1 } })]);
    expect(textOf((await reaches(task.id, 'COMPLETED')).status)).toBe('did once');
    expect(begun.get('once')).toBe(2);
    const lost = await send('parent', [child('fail always', { onFailure: { retries: 2 } })]);
    await reaches(lost.id, 'FAILED');
    expect(begun.get('always')).toBe(3);
    expect(await childrenOf(lost.id)).toHaveLength(1);
  });
});

describe('a child that asks', () => {
  it('makes the root ask, whose answer finds its way down', async () => {
    const task = await send('grandparent', [child('ask color')]);
    const asking = await reaches(task.id, 'INPUT_REQUIRED', 'Which color?');
    expect(asking.status.message?.metadata?.[INPUT]?.schema).toMatchObject({ required: ['pick'] });
    const refused = await answer('grandparent', task, 7);
    expect(refused.status).toBe(400);
    expect(refused.body.error.message).toContain('message.parts[0].data.pick');
    expect((await answer('grandparent', task, 'blue')).status).toBe(200);
    expect(textOf((await reaches(task.id, 'COMPLETED')).status)).toBe('all done: color is blue');
    expect((await answer('grandparent', task, 'red')).status).toBe(400);
  });

  it('is heard once in the session, and so is the answer', async () => {
    const task = await send('grandparent', [child('ask size')]);
    await reaches(task.id, 'INPUT_REQUIRED');
    await answer('grandparent', task, 'large');
    await reaches(task.id, 'COMPLETED');
    const { messages } = await get<{ messages: readonly unknown[] }>(`/sessions/${task.contextId}/messages`);
    const said = messages.map((message) => JSON.stringify(message));
    expect(said.filter((text) => text.includes('Which size?'))).toHaveLength(1);
    expect(said.filter((text) => text.includes('"large"'))).toHaveLength(1);
  });

  it('may be answered itself: those above go on', async () => {
    const task = await send('grandparent', [child('ask shape')]);
    await reaches(task.id, 'INPUT_REQUIRED');
    const asking = (await childrenOf(task.id)).find(
      ({ metadata }) => (metadata?.['agent'] as unknown) === 'test/child',
    );
    expect((await answer('child', asking ?? task, 'round')).status).toBe(200);
    expect(textOf((await reaches(task.id, 'COMPLETED')).status)).toBe('all done: shape is round');
  });

  it('waits for its turn when another one has asked', async () => {
    const task = await send('parent', [child('ask first'), child('ask second'), child('do third')]);
    for (const pick of ['one', 'two']) {
      const asking = await reaches(task.id, 'INPUT_REQUIRED');
      const question = asking.status.message?.messageId;
      await answer('parent', task, pick);
      const moved = async (): Promise<boolean> =>
        (await get<Task>(`/tasks/${task.id}`)).status.message?.messageId !== question;
      await until(moved, { what: 'the next question' });
    }
    const said = textOf((await reaches(task.id, 'COMPLETED')).status);
    expect(['first is one; second is two; did third', 'first is two; second is one; did third']).toContain(said);
  });

  it('is cancelled with the root', async () => {
    const task = await send('grandparent', [child('ask why')]);
    await reaches(task.id, 'INPUT_REQUIRED');
    expect((await post(`/tasks/${task.id}:cancel`, {})).status).toBe(200);
    expect((await childrenOf(task.id)).map(({ status }) => status.state)).toEqual([
      'TASK_STATE_CANCELED',
      'TASK_STATE_CANCELED',
    ]);
  });
});

/** Parents and children: started together, followed, asked through, retried, given up. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import pg from 'pg';
import { z } from 'zod';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { ChildCall, TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { saidBy } from '../support/answers.js';
import { createTestDatabase } from '../support/database.js';
import { startServer, type RunningServer } from '../../src/server.js';
import { waitsForLock } from '../support/lock-waits.js';
import { runOn } from '../support/postgres.js';
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
    if (verb === 'half' || verb === 'wait' || verb === 'later') await task.inbox.wait();
    if (verb === 'fail') throw new Error(`${name} can't be done`);
    if (verb === 'flaky') await task.step('work', () => fails(name), { maxAttempts: 1 });
    if (verb === 'ask' || verb === 'later') {
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
    // JSON has no Infinity.
    const given = task.data as readonly (Omit<ChildCall, 'weight'> & { weight?: string })[];
    const calls = given.map(({ weight = '1', ...call }) => ({ ...call, weight: Number(weight) }));
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

function latch(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const stepBegun = latch();
const stepMayGoOn = latch();

@A2AAgent({ type: 'test', name: 'juggler', description: 'Has a child do its text, and speaks in a step meanwhile.' })
class Juggler extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const beside = async (): Promise<string> => {
      begun.set('beside', (begun.get('beside') ?? 0) + 1);
      stepBegun.open();
      await stepMayGoOn.opened;
      const made = await task.artifact({ artifactId: 'beside', parts: 'made beside' });
      begun.set('said', 1);
      return made;
    };
    const called = stepBegun.opened.then(() => task.call('test/child', task.text));
    const [, { text }] = await Promise.all([task.step('beside', beside), called]);
    return text;
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
      readonly metadata?: Record<
        string,
        { readonly schema?: unknown; readonly askedBy?: { readonly question: string } }
      >;
    };
  };
  readonly metadata?: Record<
    string,
    { readonly fraction?: number; readonly stage?: string; readonly attempt?: number }
  >;
}

let server: RunningServer;
let database: string;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = url;
  const env = { DATABASE_URL: url, PORT: '0', CONTINUO_LOG_LEVEL: 'silent', CONTINUO_DRAIN_MS: '0' };
  server = await startServer({ agents: [Child, Parent, Grandparent, Juggler], env });
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
    const task = await now();
    return task.status.state === `TASK_STATE_${state}` && (says === undefined || saidBy(task) === says);
  };
  await until(there, { what: `${state} ${says ?? ''}` });
  return now();
}

async function childrenOf(id: string): Promise<readonly Task[]> {
  return (await get<{ tasks: readonly Task[] }>(`/tasks?rootTaskId=${id}&pageSize=50&includeArtifacts=true`)).tasks;
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
    await until(async () => (await childrenOf(task.id)).some((one) => saidBy(one) === 'did fast'), {
      what: 'the second child to end',
    });
    const slow = (await childrenOf(task.id)).find(({ status }) => status.state === 'TASK_STATE_WORKING');
    await post('/agents/test/child/tasks', { message: { taskId: slow?.id, parts: [{ text: 'go on' }] } });
    expect(saidBy(await reaches(task.id, 'COMPLETED'))).toBe('did slow; did fast');
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
    for (const weight of [-1, Infinity]) {
      const task = await send('parent', [child('do a', { weight: String(weight) as never })]);
      const failed = await reaches(task.id, 'FAILED');
      expect(saidBy(failed)).toBe(`calls[0].weight: expected a number from 0, got ${weight}`);
      expect(await childrenOf(task.id)).toEqual([]);
    }
  });
});

describe('a child that fails', () => {
  it('fails its parent, and ends the other children', async () => {
    const task = await send('parent', [child('wait long'), child('fail it')]);
    const failed = await reaches(task.id, 'FAILED');
    expect(saidBy(failed)).toBe("test/child failed: it can't be done");
    const states = (await childrenOf(task.id)).map(({ status }) => status.state).toSorted();
    expect(states).toEqual(['TASK_STATE_CANCELED', 'TASK_STATE_FAILED']);
  });

  it('ends the others also when it can not even begin', async () => {
    const task = await send('parent', [child('wait here'), { agent: 'test/nobody', input: 'do it' }]);
    const failed = await reaches(task.id, 'FAILED');
    expect(saidBy(failed)).toBe('There is no agent "test/nobody".');
    const states = (await childrenOf(task.id)).map(({ status }) => status.state);
    expect(states.filter((state) => state === 'TASK_STATE_WORKING')).toEqual([]);
  });

  it('fails its parent also when it is deleted at once', async () => {
    const task = await send('parent', [child('wait soon', { sameSession: false })]);
    const own = async (): Promise<Task | undefined> => (await childrenOf(task.id)).find(({ id }) => id !== task.id);
    const { id, contextId } = await until(own, { what: 'the child to begin' });
    await runOn(
      database,
      `CREATE FUNCTION erase() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM tasks WHERE id = NEW.id; RETURN NULL; END';
       CREATE TRIGGER erase AFTER UPDATE ON tasks FOR EACH ROW
       WHEN (NEW.context_id = '${contextId}' AND NEW.state = 'CANCELED') EXECUTE FUNCTION erase()`,
    );
    await post(`/tasks/${id}:cancel`, {});
    const failed = await reaches(task.id, 'FAILED');
    expect(saidBy(failed)).toBe('test/child was deleted');
  });

  it('is a result like others when the parent wants it so', async () => {
    const task = await send('parent', [child('fail it', { onFailure: 'ignore' }), child('do that')]);
    const done = await reaches(task.id, 'COMPLETED');
    expect(saidBy(done)).toBe("test/child failed: it can't be done; did that");
  });

  it('is retried as often as the parent wants, as the same task', async () => {
    const task = await send('parent', [child('flaky once', { onFailure: { retries: 1 } })]);
    expect(saidBy(await reaches(task.id, 'COMPLETED'))).toBe('did once');
    expect(begun.get('once')).toBe(2);
    const lost = await send('parent', [child('fail always', { onFailure: { retries: 2 } })]);
    await reaches(lost.id, 'FAILED');
    expect(begun.get('always')).toBe(3);
    expect(await childrenOf(lost.id)).toHaveLength(1);
  });

  it('has all its retries again in each attempt of its parent', async () => {
    const task = await send('parent', [child('fail again', { onFailure: { retries: 2 } })]);
    await reaches(task.id, 'FAILED');
    expect(begun.get('again')).toBe(3);
    for (const times of [6, 9]) {
      expect((await post(`/tasks/${task.id}:retry`, { from: 'failed-step' })).status).toBe(200);
      await until(() => begun.get('again') === times, { what: `the child to be begun ${times} times` });
      await reaches(task.id, 'FAILED');
      expect(begun.get('again')).toBe(times);
    }
    expect(await childrenOf(task.id)).toHaveLength(1);
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
    expect(saidBy(await reaches(task.id, 'COMPLETED'))).toBe('all done: color is blue');
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
    expect(saidBy(await reaches(task.id, 'COMPLETED'))).toBe('all done: shape is round');
  });

  it('is heard in a session of its own, and so is the answer', async () => {
    const task = await send('parent', [child('ask width', { sameSession: false })]);
    await reaches(task.id, 'INPUT_REQUIRED');
    await answer('parent', task, 'wide');
    await reaches(task.id, 'COMPLETED');
    const own = (await childrenOf(task.id)).find(({ id }) => id !== task.id);
    for (const contextId of [task.contextId, own?.contextId]) {
      const { messages } = await get<{ messages: readonly unknown[] }>(`/sessions/${contextId}/messages`);
      const said = messages.map((message) => JSON.stringify(message));
      expect(said.filter((text) => text.includes('"Which width?"'))).toHaveLength(1);
      expect(said.filter((text) => text.includes('"pick":"wide"'))).toHaveLength(1);
    }
  });

  it('silences no step of its parent for good: one that ends meanwhile is done again', async () => {
    const { body: task } = await post('/agents/test/juggler/tasks', { message: 'later depth' });
    const asking = async (): Promise<Task | undefined> => (await childrenOf(task.id)).find(({ id }) => id !== task.id);
    const { id: taskId } = await until(asking, { what: 'the child to begin' });
    await stepBegun.opened;
    const other = new pg.Client(database);
    await other.connect();
    // The question is put, and not stored yet.
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM tasks WHERE id = $1 FOR UPDATE', [task.id]);
    await post('/agents/test/child/tasks', { message: { taskId, parts: [{ text: 'ask now' }] } });
    const blocked = waitsForLock();
    await until(async () => (await other.query(blocked)).rowCount === 1, { what: 'the question to be put' });
    stepMayGoOn.open();
    await until(() => begun.has('said'), { what: 'the step to speak' });
    await other.query('COMMIT');
    await other.end();
    await reaches(task.id, 'INPUT_REQUIRED');
    await answer('juggler', task, 'deep');
    expect(JSON.stringify(await reaches(task.id, 'COMPLETED'))).toContain('made beside');
  });

  it('is passed on anew when it asks something else by the time its parent waits', async () => {
    const task = await send('parent', [child('ask weight')]);
    const asks = async (): Promise<string | undefined> => {
      const { status } = await get<Task>(`/tasks/${task.id}`);
      return status.message?.metadata?.[INPUT]?.askedBy?.question;
    };
    expect(await until(asks, { what: 'the question' })).not.toBe('another');
    // As if its owner had answered it at this very moment, and it had asked again.
    const another = `jsonb_set(status_message::jsonb, '{messageId}', '"another"')`;
    await runOn(database, `UPDATE tasks SET status_message = ${another} WHERE parent_id = '${task.id}'`);
    await until(async () => (await asks()) === 'another', { what: 'the other question' });
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
    const said = saidBy(await reaches(task.id, 'COMPLETED'));
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

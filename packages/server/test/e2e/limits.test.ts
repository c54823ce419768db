/** Limits, priorities, delays and schedules, with two instances on one database. */
import { beforeAll, describe, expect, it } from 'vitest';
import { forThisFile } from '../support/outcome.js';
import { createTestDatabase } from '../support/database.js';
import { at, call, callRpc, textAt, type Answer } from '../support/http-calls.js';
import { runOn } from '../support/postgres.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { soon } from '../support/soon.js';
import { until } from '../support/until.js';

const TASKS = 'urn:continuo:a2a:tasks:v1';
const entry = new URL('../support/limits-server.mjs', import.meta.url).pathname;
const HOUR_MS = 3_600_000;
let url: string;
let instances: ServerProcess[];

interface Note {
  readonly task: string;
  readonly text: string;
  readonly what: 'begin' | 'end';
  readonly pid: number;
  readonly at: Date;
}

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  await runOn(
    url,
    `CREATE TABLE notes (n bigserial, agent text, task text, text text, what text, pid int,
       at timestamptz DEFAULT clock_timestamp())`,
  );
  // As if the last one had been seen long ago: every instance was down at the turn of the year.
  await runOn(
    url,
    `INSERT INTO schedules (agent, name, pattern, last_at) VALUES ('test/every-second', 'yearly', '0 0 1 1 * UTC', '2020-06-01T00:00:00Z')`,
  );
  instances = await startBoth();
});

async function startBoth(): Promise<ServerProcess[]> {
  const env = {
    DATABASE_URL: url,
    ...soon,
    CONTINUO_LOG_LEVEL: 'warn',
  };
  return [await startServer({ entry, env }), await startServer({ entry, env })];
}

/** The n-th of the two, over and over. */
function instance(n = 0): ServerProcess {
  const chosen = instances[n % instances.length];
  if (chosen === undefined) throw new Error('no instance runs');
  return chosen;
}

function post(agent: string, body: unknown, n = 0): Promise<Answer> {
  return call('POST', `${instance(n).url}/agents/test/${agent}/tasks`, { body });
}

async function create(agent: string, body: unknown, n = 0): Promise<string> {
  const { status, body: task } = await post(agent, body, n);
  expect(status).toBe(201);
  return textAt(task, 'id');
}

async function stateOf(id: string): Promise<string> {
  const { body } = await call('GET', `${instance().url}/tasks/${id}`);
  return textAt(body, 'status', 'state').replace('TASK_STATE_', '');
}

async function reaches(id: string, state: string): Promise<void> {
  const there = async (): Promise<boolean> => {
    const now = await stateOf(id);
    if (now !== state) throw new Error(`it is ${now}`);
    return true;
  };
  await until(there, { what: `task ${id} to be ${state}` });
}

async function notes(agent: string): Promise<readonly Note[]> {
  return runOn<Note>(url, `SELECT task, text, what, pid, at FROM notes WHERE agent = 'test/${agent}' ORDER BY n`);
}

/** How many worked at the same time, at most. */
function mostAtOnce(all: readonly Note[]): number {
  let now = 0;
  return Math.max(0, ...all.map(({ what }) => (now += what === 'begin' ? 1 : -1)));
}

async function openGate(name: string): Promise<void> {
  await runOn(url, `INSERT INTO notes (text) VALUES ('gate ${name}')`);
}

describe('at once', () => {
  it('no more than `total` on all instances together', async () => {
    const ids = await Promise.all(Array.from({ length: 14 }, (_, n) => create('two', { message: 'go' }, n)));
    for (const id of ids) await reaches(id, 'COMPLETED');
    const all = (await notes('two')).filter(({ task }) => ids.includes(task));
    expect(all).toHaveLength(28);
    expect(mostAtOnce(all)).toBeLessThanOrEqual(2);
  });

  it('no more than `perInstance` on each', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, (_, n) => create('one-each', { message: 'go' }, n)));
    for (const id of ids) await reaches(id, 'COMPLETED');
    const all = await notes('one-each');
    expect(all).toHaveLength(16);
    for (const { pid } of instances) expect(mostAtOnce(all.filter((note) => note.pid === pid))).toBeLessThan(2);
  });

  it('a task that waits for its user takes no place, and needs one again when it has the answer', async () => {
    const ids = [await create('asks', { message: 'go' }), await create('asks', { message: 'go' }, 1)];
    for (const id of ids) await reaches(id, 'INPUT_REQUIRED');
    expect(await notes('asks')).toEqual([]);
    const answer = (taskId: string, n: number): Promise<Answer> =>
      post('asks', { message: { taskId, parts: [{ text: 'yes' }] } }, n);
    await Promise.all(ids.map(answer));
    for (const id of ids) await reaches(id, 'COMPLETED');
    const all = await notes('asks');
    expect(all).toHaveLength(4);
    expect(mostAtOnce(all)).toBe(1);
  });

  it('no more than the rate begin within its time', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, (_, n) => create('rate', { message: 'go' }, n)));
    // A place is remembered for as long as it counts.
    const places = new Map<string, number>();
    const seen = async (): Promise<boolean> => {
      const rows = await runOn<{ id: string; ms: number }>(
        url,
        `SELECT task_id AS id, extract(epoch FROM begun_at)::float8 * 1000 AS ms FROM queued_runs
         WHERE agent = 'test/rate' AND begun_at IS NOT NULL`,
      );
      for (const { id, ms } of rows) places.set(id, ms);
      return places.size === ids.length;
    };
    await until(seen, { what: 'all to begin' });
    for (const id of ids) await reaches(id, 'COMPLETED');
    const begun = [...places.values()].toSorted((a, b) => a - b);
    begun.slice(2).forEach((time, n) => expect(time - Number(begun[n])).toBeGreaterThanOrEqual(1000));
  });
});

describe('order and time', () => {
  it('lower priorities go first, those of the same priority in the order in which they came', async () => {
    const first = await create('one', { message: 'wait order' });
    await until(async () => (await notes('one')).some(({ task }) => task === first), { what: 'the first to begin' });
    await create('one', { message: 'last', priority: 500 });
    await create('one', { message: 'default' }, 1);
    await create('one', { message: 'default again' });
    const metadata = { [TASKS]: { priority: 1 } };
    const message = { messageId: 'urgent', role: 'ROLE_USER', parts: [{ text: 'urgent' }], metadata };
    const params = { message, configuration: { returnImmediately: true } };
    await callRpc(`${instance(1).url}/agents/test/one`, 'SendMessage', params);
    await openGate('order');
    const order = await until(
      async () => {
        const texts = (await notes('one')).filter(({ what }) => what === 'begin').map(({ text }) => text);
        return texts.length === 5 && texts;
      },
      { what: 'all to begin' },
    );
    expect(order).toEqual(['wait order', 'urgent', 'default', 'default again', 'last']);
  });

  it('a task begins not before its startAt, also one of an agent without limits', async () => {
    const startAt = new Date(Date.now() + 1_500);
    const body = { message: 'later', startAt: startAt.toISOString() };
    const { body: task } = await post('free', body);
    expect(task).toMatchObject({
      status: { state: 'TASK_STATE_SUBMITTED' },
      metadata: { [TASKS]: { startAt: startAt.toISOString() } },
    });
    const limited = await create('two', body, 1);
    const id = textAt(task, 'id');
    for (const each of [id, limited]) await reaches(each, 'COMPLETED');
    const begun = [...(await notes('free')), ...(await notes('two'))].filter(
      (note) => note.what === 'begin' && [id, limited].includes(note.task),
    );
    expect(begun).toHaveLength(2);
    for (const { at: time } of begun) expect(time.getTime()).toBeGreaterThanOrEqual(startAt.getTime());
  });

  it('a queued task and a delayed one are cancelled at once, and never begin', async () => {
    const holder = await create('one', { message: 'wait cancel' });
    await until(async () => (await notes('one')).some(({ task }) => task === holder), { what: 'the first to begin' });
    const queued = await create('one', { message: 'queued' });
    const delayed = await create('free', {
      message: 'delayed',
      startAt: new Date(Date.now() + HOUR_MS).toISOString(),
    });
    for (const id of [queued, delayed]) {
      const { body } = await call('POST', `${instance(1).url}/tasks/${id}:cancel`);
      expect(textAt(body, 'status', 'state')).toBe('TASK_STATE_CANCELED');
    }
    await openGate('cancel');
    await reaches(await create('one', { message: 'after' }), 'COMPLETED');
    const begun = [...(await notes('one')), ...(await notes('free'))].map(({ task }) => task);
    expect(begun).not.toContain(queued);
    expect(begun).not.toContain(delayed);
  });

  it.each([
    [{ message: 'go', startAt: 'tomorrow' }, 'startAt'],
    [{ message: 'go', startAt: '2030-01-01T00:00:00' }, 'startAt'],
    [{ message: 'go', priority: 0 }, 'priority'],
    [{ message: 'go', priority: 1.5 }, 'priority'],
    [{ message: 'go', metadata: { [TASKS]: { priority: 'high' } } }, `metadata["${TASKS}"].priority`],
    [
      { message: { parts: [{ text: 'go' }], metadata: { [TASKS]: { startAt: 7 } } } },
      `message.metadata["${TASKS}"].startAt`,
    ],
    [{ message: 'go', metadata: { [TASKS]: 'now' } }, `metadata["${TASKS}"]`],
  ])('refuses %j, naming %s', async (body, field) => {
    const { status, body: error } = await post('free', body);
    expect(status).toBe(400);
    expect(textAt(error, 'error', 'message')).toContain(`${field}: expected`);
  });

  it('the card says how', async () => {
    const { body } = await call('GET', `${instance().url}/agents/test/two/.well-known/agent-card.json`);
    const extensions = at(body, 'capabilities', 'extensions') as { uri: string; params: unknown }[];
    expect(extensions.find(({ uri }) => uri === TASKS)?.params).toEqual({
      priority: { first: 1, last: 1000, default: 100 },
      limits: { total: 2 },
    });
  });
});

describe('an agent without limits', () => {
  it('begins at once, whatever its priority, and takes no place in any queue', async () => {
    const { body } = await post('free', { message: 'now', wait: true, priority: 7 });
    expect(textAt(body, 'status', 'state')).toBe('TASK_STATE_COMPLETED');
    const rows = await runOn(url, `SELECT 1 FROM queued_runs WHERE task_id = '${textAt(body, 'id')}'`);
    expect(rows).toEqual([]);
  });
});

describe('schedules', () => {
  const scheduled = (name: string): Promise<readonly { id: string; time: string; tasks: number }[]> =>
    runOn(
      url,
      `SELECT min(id::text) AS id, metadata->'${TASKS}'->>'scheduledFor' AS time, count(*)::int AS tasks FROM tasks
       WHERE metadata->'${TASKS}'->>'schedule' = '${name}' GROUP BY 2 ORDER BY 2`,
    );

  it('each tick starts one task, however many instances there are', async () => {
    const ticks = await until(
      async () => {
        const all = await scheduled('second');
        return all.length >= 3 && all;
      },
      { what: 'three ticks' },
    );
    for (const { id, tasks } of ticks) {
      expect(tasks).toBe(1);
      await reaches(id, 'COMPLETED');
    }
  });

  it('of the ticks that nobody saw, the last one is made up for, once', async () => {
    const year = new Date().getUTCFullYear();
    expect(await scheduled('yearly')).toMatchObject([{ time: `${year}-01-01T00:00:00.000Z`, tasks: 1 }]);
  });
});

describe('after kill -9 of every instance', () => {
  it('queued and delayed tasks go on, within their limits', async () => {
    const startAt = new Date(Date.now() + 2_000);
    const delayed = await create('free', { message: 'delayed', startAt: startAt.toISOString() });
    const ids = await Promise.all(Array.from({ length: 10 }, (_, n) => create('two', { message: 'kill' }, n)));
    await until(async () => (await notes('two')).some(({ text }) => text === 'kill'), { what: 'one to begin' });
    await Promise.all(instances.map((each) => each.kill('SIGKILL')));
    instances = await forThisFile(startBoth);
    for (const id of [...ids, delayed]) await reaches(id, 'COMPLETED');
    const own = new Set(instances.map(({ pid }) => pid));
    expect(mostAtOnce((await notes('two')).filter(({ pid }) => own.has(pid)))).toBeLessThanOrEqual(2);
    const [begun] = (await notes('free')).filter(({ task }) => task === delayed);
    expect(begun?.at.getTime()).toBeGreaterThanOrEqual(startAt.getTime());
  });
});

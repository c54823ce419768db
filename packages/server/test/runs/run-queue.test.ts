/** Places of limited agents: never more than there are, whoever looks at the same moment, and none that is lost with its instance. */
import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { leave, registerInstance } from '../../src/runs/instances.js';
import { beginRuns, endRuns, queueRun, storeLimits, type RunLimits } from '../../src/runs/queue-rows.js';
import { RunQueue } from '../../src/runs/run-queue.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { createTestDatabase } from '../support/database.js';
import { waitsForLock } from '../support/lock-waits.js';
import { afterThisTest } from '../support/outcome.js';
import { until } from '../support/until.js';

const log = createLog('silent');
let url: string;
let database: Database;
let agents = 0;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  database = new Database(url, { poolSize: 8, log });
  afterThisTest(() => database.close());
});

async function instance(): Promise<string> {
  const id = newId();
  await registerInstance(database, id, 'test', process.pid);
  return id;
}

/** An agent of its own for each test. */
async function agentWith(limits: RunLimits): Promise<string> {
  const agent = `test/${(agents += 1)}`;
  await storeLimits(database, [agent], [{ agent, limits }]);
  return agent;
}

/** Of tasks that came one after the other. */
async function queued(agent: string, count: number, priority?: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, newId);
  for (const id of ids) await queueRun(database, { id, agent, priority, since: since(id) });
  return ids;
}

const times = new Map<string, string>();

function since(id: string): string {
  const time = times.get(id) ?? new Date(1_700_000_000_000 + times.size).toISOString();
  times.set(id, time);
  return time;
}

/** A transaction under way that has the lock of the agent's limits. */
async function holderOf(agent: string): Promise<pg.Client> {
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM agent_limits WHERE agent = $1 FOR UPDATE', [agent]);
  return holder;
}

async function begin(agent: string, instanceId: string): Promise<readonly string[]> {
  return (await beginRuns(database, agent, instanceId)).ids;
}

async function begunAt(id: string): Promise<string | undefined> {
  const [row] = await database.query<{ at: string | null }>(
    'SELECT begun_at::text AS at FROM queued_runs WHERE task_id = $1',
    [id],
  );
  return row?.at ?? undefined;
}

it('a place is given once, however many look for it at the same moment', async () => {
  const agent = await agentWith({ total: 3 });
  const waiting = await queued(agent, 10);
  const instances = await Promise.all(Array.from({ length: 4 }, instance));
  const begun = await Promise.all([...instances, ...instances].map((id) => begin(agent, id)));
  // First come, first served.
  expect(begun.flat().toSorted()).toEqual(waiting.slice(0, 3).toSorted());
});

it('`perInstance` counts what runs on the instance alone', async () => {
  const agent = await agentWith({ perInstance: 2, total: 3 });
  await queued(agent, 10);
  const [a, b] = [await instance(), await instance()];
  expect(await begin(agent, a)).toHaveLength(2);
  expect(await begin(agent, a)).toHaveLength(0);
  expect(await begin(agent, b)).toHaveLength(1);
});

it('the place of an instance that is lost is free, and one that is lost is given none', async () => {
  const agent = await agentWith({ total: 1 });
  const [first, second] = await queued(agent, 2);
  const [a, b] = [await instance(), await instance()];
  expect(await begin(agent, a)).toEqual([first]);
  expect(await begin(agent, b)).toEqual([]);
  await leave(database, a);
  expect(await begin(agent, a)).toEqual([]);
  expect(await begin(agent, b)).toEqual([second]);
});

it('a task that comes again keeps its rank, and only in place of the run that was seen to be over', async () => {
  const agent = await agentWith({ total: 1 });
  const [first = ''] = await queued(agent, 3);
  const [a, b] = [await instance(), await instance()];
  await begin(agent, a);
  const seen = await begunAt(first);
  await endRuns(database, [first], a);
  await queueRun(database, { id: first, agent, since: since(first), begunAt: seen });
  expect(await begin(agent, b)).toEqual([first]);
  // Whoever saw the run before comes too late.
  await queueRun(database, { id: first, agent, since: since(first), begunAt: seen });
  await queueRun(database, { id: first, agent, since: since(first) });
  expect(await begin(agent, a)).toEqual([]);
  // It was another one's run that ended.
  await endRuns(database, [first], a);
  expect(await begin(agent, a)).toEqual([]);
});

it('a task that comes again is in front of those that came after it, whoever ended meanwhile', async () => {
  const agent = await agentWith({ total: 1 });
  const [first = '', second = '', third = ''] = await queued(agent, 3);
  const a = await instance();
  expect(await begin(agent, a)).toEqual([first]);
  await endRuns(database, [first], a);
  expect(await begin(agent, a)).toEqual([second]);
  await endRuns(database, [second], a);
  // Nothing is left of its place by now.
  expect(await begunAt(first)).toBeUndefined();
  await queueRun(database, { id: first, agent, since: since(first) });
  expect(await begin(agent, a)).toEqual([first]);
  await endRuns(database, [first], a);
  expect(await begin(agent, a)).toEqual([third]);
});

it('places that were given without its having been heard are given back, and what runs keeps its own', async () => {
  const agent = await agentWith({ total: 3 });
  const [runs = '', lost = '', other = ''] = await queued(agent, 3);
  const [a, b] = [await instance(), await instance()];
  await storeLimits(database, [agent], [{ agent, limits: { total: 2 } }]);
  expect(await begin(agent, a)).toEqual([runs, lost]);
  await storeLimits(database, [agent], [{ agent, limits: { total: 3 } }]);
  expect(await begin(agent, b)).toEqual([other]);
  expect((await beginRuns(database, agent, a, [runs])).ids).toEqual([lost]);
  expect(await begin(agent, b)).toEqual([]);
  expect((await beginRuns(database, agent, a, [runs, lost])).ids).toEqual([]);
});

it('places that a transaction gives whose end is not known yet are given back when it has ended', async () => {
  const agent = await agentWith({ total: 1 });
  const [only = ''] = await queued(agent, 1);
  const a = await instance();
  const hung = await holderOf(agent);
  await hung.query('UPDATE queued_runs SET begun_at = now(), begun_by = $2 WHERE task_id = $1', [only, a]);
  const begun = beginRuns(database, agent, a, []);
  const blocked = waitsForLock();
  await until(async () => (await database.query(blocked)).length > 0, { what: 'the next one to wait for the lock' });
  await hung.query('COMMIT');
  await hung.end();
  expect((await begun).ids).toEqual([only]);
});

it('a rate may be as long as a number, and limits as large', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  const agent = await agentWith({ perInstance: most, total: most, rate: { tasks: 1, perMs: most } });
  const [first] = await queued(agent, 2);
  const a = await instance();
  expect(await begin(agent, a)).toEqual([first]);
  await endRuns(database, [first ?? ''], a);
  expect(await begin(agent, a)).toEqual([]);
});

it('a rate counts what has begun, also when it is over, and what is over leaves nothing behind', async () => {
  const agent = await agentWith({ rate: { tasks: 2, perMs: 3_600_000 } });
  await queued(agent, 5);
  const a = await instance();
  const begun = await begin(agent, a);
  expect(begun).toHaveLength(2);
  await endRuns(database, begun, a);
  expect(await begin(agent, a)).toEqual([]);
  await database.query(`UPDATE queued_runs SET begun_at = begun_at - interval '1 hour' WHERE agent = $1`, [agent]);
  const next = await begin(agent, a);
  expect(next).toHaveLength(2);
  await endRuns(database, next, a);
  const [left] = await database.query('SELECT count(*)::int AS n FROM queued_runs WHERE agent = $1', [agent]);
  expect(left).toEqual({ n: 3 });
});

it('limits are those of the instance that started last, and none where it has none', async () => {
  const agent = await agentWith({ total: 1 });
  await queued(agent, 6);
  const a = await instance();
  expect(await begin(agent, a)).toHaveLength(1);
  await storeLimits(database, [agent], [{ agent, limits: { total: 3 } }]);
  expect(await begin(agent, a)).toHaveLength(2);
  await storeLimits(database, ['test/other'], []);
  expect(await begin(agent, a)).toHaveLength(0);
  await storeLimits(database, [agent], []);
  expect(await begin(agent, a)).toHaveLength(3);
});

it('several queues on one database begin everything once, in order of priority, and let no place go to waste', async () => {
  const agent = await agentWith({ total: 2 });
  const low = await queued(agent, 10, 500);
  const high = await queued(agent, 10, 1);
  const begun: string[] = [];
  let running = 0;
  let most = 0;
  const makeQueue = async (): Promise<RunQueue> => {
    const id = await instance();
    const queue: RunQueue = new RunQueue({
      database,
      instanceId: () => id,
      agents: () => [agent],
      begin: (task) => {
        begun.push(task);
        most = Math.max(most, (running += 1));
        setImmediate(() => {
          running -= 1;
          queue.ended(task, false);
        });
      },
      freed: () => undefined,
      clock: systemClock,
      log,
    });
    await queue.start([{ agent, limits: { total: 2 } }]);
    return queue;
  };
  const queues = await Promise.all([makeQueue(), makeQueue(), makeQueue()]);
  await until(() => begun.length >= 20, { what: 'all to begin' });
  await Promise.all(queues.map((queue) => queue.stop()));
  expect(new Set(begun)).toEqual(new Set([...low, ...high]));
  expect(begun).toHaveLength(20);
  expect(begun.findLastIndex((id) => high.includes(id))).toBeLessThan(begun.findLastIndex((id) => low.includes(id)));
  expect(most).toBeLessThanOrEqual(2);
});

it('an agent whose runs can not be begun now holds nobody up', async () => {
  const [stuck, other] = [await agentWith({ total: 1 }), await agentWith({ total: 1 })];
  await queued(stuck, 1);
  const [id = ''] = await queued(other, 1);
  const a = await instance();
  const holder = await holderOf(stuck);
  const begun: string[] = [];
  const queue = new RunQueue({
    database,
    instanceId: () => a,
    agents: () => [stuck, other],
    begin: (task) => void begun.push(task),
    freed: () => undefined,
    clock: systemClock,
    log,
  });
  queue.lookSoon();
  await until(() => begun.length > 0, { what: 'a run of the other agent to begin' });
  expect(begun).toEqual([id]);
  await holder.end();
  await queue.stop();
});

it('of runs whose tasks wait it tells when their places are free, for what came before that', async () => {
  const agent = await agentWith({ total: 2 });
  const [waits = '', ended = ''] = await queued(agent, 2);
  const a = await instance();
  const begun = new Set<string>();
  const freed: string[] = [];
  const queue = new RunQueue({
    database,
    instanceId: () => a,
    agents: () => [agent],
    begin: (task) => void begun.add(task),
    freed: (ids) => {
      freed.push(...ids);
      void begin(agent, a).then((given) => given.forEach((task) => begun.add(task)));
    },
    clock: systemClock,
    log,
  });
  queue.lookSoon();
  await until(() => begun.size === 2, { what: 'both to begin' });
  const [next = ''] = await queued(agent, 1);
  queue.ended(ended, false);
  queue.ended(waits, true);
  await until(() => freed.length > 0, { what: 'to be told of the one that waits' });
  expect(freed).toEqual([waits]);
  await until(() => begun.has(next), { what: 'the next one to have a place, of whoever gives it first' });
  await queue.stop();
});

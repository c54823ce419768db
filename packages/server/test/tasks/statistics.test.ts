/** What became of tasks: counted in the bucket where it happened, for the caller alone. */
import { beforeAll, expect, it } from 'vitest';
import type { TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Caller } from '../../src/platform/caller.js';
import { readStatistics } from '../../src/tasks/read-statistics.js';
import { createTestDatabase } from '../support/database.js';
import { appendOf, newCaller, openTask, startLogInstance, status, type LogInstance } from '../support/log-instance.js';

let instance: LogInstance;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  instance = await startLogInstance(url);
});

const at = (time: string): string => `2026-03-01T${time}.000Z`;
const range = { from: new Date(at('12:00:00')), to: new Date(at('12:29:00')), bucketSeconds: 600 };
const none = { begun: 0, completed: 0, failed: 0, canceled: 0, medianMs: null, p95Ms: null };

async function ran(caller: Caller, begun: string, end?: readonly [TaskState, string]): Promise<void> {
  const task = await openTask(instance, { caller, at: at(begun) });
  if (end !== undefined) await instance.log.append({ ...appendOf(task, 1, [status(end[0])]), at: at(end[1]) });
}

it('counts what began and ended in its bucket, and how long it took', async () => {
  const caller = newCaller();
  await ran(caller, '11:00:00', ['COMPLETED', '11:30:00']);
  await ran(caller, '11:59:50', ['COMPLETED', '12:00:10']);
  await ran(caller, '12:01:00', ['COMPLETED', '12:01:40']);
  await ran(caller, '12:05:00', ['FAILED', '12:10:00']);
  await ran(caller, '12:11:00', ['REJECTED', '12:11:00']);
  await ran(caller, '12:12:00', ['CANCELED', '12:25:00']);
  await ran(caller, '12:21:00', ['INPUT_REQUIRED', '12:22:00']);
  await ran(caller, '12:28:00');
  const held = await openTask(instance, { caller, at: at('11:00:00') });
  const why = { finished: 'step "load"', found: 'step "load order"', since: at('11:00:01') };
  await instance.log.append({ ...appendOf(held, 1, [status('WORKING', { held: why })]), at: at('11:00:01') });
  const statistics = await instance.tasks.statistics(caller, range);
  expect(statistics).toEqual({
    from: at('12:00:00'),
    to: at('12:29:00'),
    bucketSeconds: 600,
    truncated: false,
    now: { queued: 0, running: 2, held: 1, waiting: 1 },
    total: { begun: 6, completed: 2, failed: 2, canceled: 1, medianMs: 40_000, p95Ms: 684_000 },
    buckets: [
      { start: at('12:00:00'), ...none, begun: 2, completed: 2, medianMs: 30_000, p95Ms: 39_000 },
      { start: at('12:10:00'), ...none, begun: 2, failed: 2, medianMs: 150_000, p95Ms: 285_000 },
      { start: at('12:20:00'), ...none, begun: 2, canceled: 1, medianMs: 780_000, p95Ms: 780_000 },
    ],
    agents: [{ agent: 'test/agent', queued: 0, running: 2, held: 1, waiting: 1, ...statistics.total }],
  });
  expect(await instance.tasks.statistics(caller, { ...range, agent: 'test/agent' })).toEqual(statistics);
});

it('shows nothing of another caller, and nothing of another agent', async () => {
  const caller = newCaller();
  await ran(caller, '12:01:00', ['COMPLETED', '12:01:40']);
  await ran(caller, '12:02:00');
  const nothing = { now: { queued: 0, running: 0, held: 0, waiting: 0 }, total: none, agents: [] };
  expect(await instance.tasks.statistics({ tenant: 'other', owner: caller.owner }, range)).toMatchObject(nothing);
  expect(await instance.tasks.statistics(newCaller(), range)).toMatchObject(nothing);
  expect(await instance.tasks.statistics(caller, { ...range, agent: 'test/nobody' })).toMatchObject(nothing);
});

it('looks at the newest tasks alone when there are too many, and says since when', async () => {
  const caller = newCaller();
  await ran(caller, '12:00:30', ['COMPLETED', '12:01:00']);
  await ran(caller, '12:02:00', ['COMPLETED', '12:14:00']);
  await ran(caller, '12:15:00', ['COMPLETED', '12:16:00']);
  expect(await readStatistics(instance.database, caller, range, 2)).toMatchObject({
    from: at('12:14:00'),
    truncated: true,
    total: { begun: 1, completed: 2 },
    buckets: [{ start: at('12:10:00'), completed: 2 }, { start: at('12:20:00') }],
  });
  expect(await readStatistics(instance.database, caller, range, 4)).toMatchObject({ truncated: false });
});

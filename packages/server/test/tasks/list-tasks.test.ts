/** Lists of tasks by cursor: each task once, whatever the page size, however many changed at the same moment. */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Caller } from '../../src/platform/caller.js';
import type { TaskFilter } from '../../src/tasks/task-filter.js';
import { createTestDatabase } from '../support/database.js';
import { appendOf, newCaller, openTask, startLogInstance, status, type LogInstance } from '../support/log-instance.js';

let instance: LogInstance;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  instance = await startLogInstance(url);
});

/** The ids on each page. */
async function pagesOf(
  caller: Caller,
  size: number,
  filter: TaskFilter = {},
  order: 'asc' | 'desc' = 'desc',
): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = [];
  let token = '';
  do {
    const page = await instance.tasks.list(caller, filter, { size, token, order, artifacts: false, historyLength: 0 });
    pages.push(page.tasks.map(({ task }) => task.id));
    token = page.nextPageToken;
  } while (token !== '');
  return pages;
}

/** Opens one task for each of `microseconds`, which say when its state changed last. */
async function openTasksAt(caller: Caller, microseconds: readonly number[]): Promise<readonly string[]> {
  const at = (later: number): string => `2026-03-01T12:00:00.${String(later).padStart(6, '0')}Z`;
  const tasks = await Promise.all(microseconds.map((later) => openTask(instance, { caller, at: at(later) })));
  const byTime = microseconds.map((later, index) => ({ later, id: tasks[index]?.id ?? '' }));
  return byTime.toSorted((a, b) => b.later - a.later || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
}

it('visits each task exactly once, newest first or oldest first, on full pages but the last', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 12 }),
      async (microseconds, size) => {
        const caller = newCaller();
        const ids = await openTasksAt(caller, microseconds);
        const pages = await pagesOf(caller, size);
        expect(pages.flat()).toEqual(ids);
        expect(pages.slice(0, -1).every((page) => page.length === size)).toBe(true);
        expect((await pagesOf(caller, size, {}, 'asc')).flat()).toEqual(ids.toReversed());
      },
    ),
    { numRuns: 40 },
  );
});

it('visits what a filter lets through exactly once', async () => {
  const caller = newCaller();
  const ids = await openTasksAt(caller, [1, 1, 1, 2, 3, 3, 5, 5]);
  const other = await openTask(instance, { caller });
  await instance.log.append(appendOf(other, 1, [status('COMPLETED')]));
  const [kept, wentOn] = [await openTask(instance, { caller }), await openTask(instance, { caller })];
  const held = { finished: 'step "load"', found: 'step "load order"', since: '2026-03-01T12:00:00.000Z' };
  for (const task of [kept, wentOn]) await instance.log.append(appendOf(task, 1, [status('WORKING', { held })]));
  await instance.log.append(appendOf(wentOn, 2, [status('COMPLETED')]));
  const statusAfter = new Date('2026-03-01T12:00:00.000Z');
  const filters: readonly [TaskFilter, readonly string[]][] = [
    [{ state: 'WORKING' }, [kept.id, ...ids]],
    [{ state: 'COMPLETED' }, [wentOn.id, other.id]],
    [{ held: true }, [kept.id]],
    [{ held: true, agent: 'test/agent', state: 'WORKING' }, [kept.id]],
    [{ held: true, state: 'COMPLETED' }, []],
    [{ held: false }, [wentOn.id, other.id, ...ids]],
    [{ state: 'FAILED' }, []],
    [{ contextId: other.contextId }, [other.id]],
    [{ agent: 'test/agent' }, [wentOn.id, kept.id, other.id, ...ids]],
    [{ agent: 'test/nobody' }, []],
    [{ statusAfter }, [wentOn.id, kept.id, other.id, ...ids]],
    [{ statusAfter, state: 'WORKING', agent: 'test/agent' }, [kept.id, ...ids]],
    [{ statusAfter, statusBefore: new Date('2026-03-01T12:00:00.001Z') }, ids],
    [{ statusBefore: statusAfter }, []],
    [{ topLevel: true }, [wentOn.id, kept.id, other.id, ...ids]],
    [{ topLevel: false }, []],
    [{ rootTaskId: newId() }, []],
    [{ parentTaskId: 'no id at all' }, []],
  ];
  for (const [filter, expected] of filters) {
    for (const size of [1, 3, 100]) expect((await pagesOf(caller, size, filter)).flat()).toEqual(expected);
    const { totalSize } = await instance.tasks.list(caller, filter, { size: 1, token: '', artifacts: false });
    expect(totalSize).toBe(expected.length);
  }
});

it('shows a caller nothing of another, not even with the token of a page of theirs', async () => {
  const [caller, stranger] = [newCaller(), newCaller()];
  await openTasksAt(caller, [1, 2, 3]);
  const { nextPageToken } = await instance.tasks.list(caller, {}, { size: 1, token: '', artifacts: false });
  const page = await instance.tasks.list(stranger, {}, { size: 1, token: nextPageToken, artifacts: false });
  expect(page).toEqual({ tasks: [], nextPageToken: '', totalSize: 0 });
  const sameOwner = { tenant: 'other', owner: caller.owner };
  expect(await pagesOf(sameOwner, 10)).toEqual([[]]);
});

it('misses nothing that stays as it is, when others change between two pages', async () => {
  const caller = newCaller();
  const ids = await openTasksAt(caller, [1, 2, 3, 4, 5, 6]);
  const first = await instance.tasks.list(caller, {}, { size: 2, token: '', artifacts: false });
  await openTasksAt(caller, [7, 8]);
  const rest: string[] = [];
  for (let token = first.nextPageToken; token !== '';) {
    const page = await instance.tasks.list(caller, {}, { size: 2, token, artifacts: false });
    rest.push(...page.tasks.map(({ task }) => task.id));
    token = page.nextPageToken;
  }
  expect([...first.tasks.map(({ task }) => task.id), ...rest]).toEqual(ids);
});

it.each(['nonsense', 'W10', '!!!', Buffer.from('["2026-03-01",1]').toString('base64url')])(
  'refuses the token %j, naming the field',
  async (token) => {
    const listed = instance.tasks.list(newCaller(), {}, { size: 10, token, artifacts: false });
    await expect(listed).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'pageToken' });
  },
);

it('counts by state what a filter lets through, of the caller alone', async () => {
  const caller = newCaller();
  await openTask(instance, { caller: newCaller() });
  const [done, held] = [await openTask(instance, { caller }), await openTask(instance, { caller })];
  const parent = await openTask(instance, { caller });
  await instance.log.append(appendOf(done, 1, [status('COMPLETED')]));
  const said = { finished: 'step "load"', found: 'step "load order"', since: '2026-03-01T12:00:00.000Z' };
  await instance.log.append(appendOf(held, 1, [status('WORKING', { held: said })]));
  const none = {
    SUBMITTED: 0,
    WORKING: 0,
    INPUT_REQUIRED: 0,
    AUTH_REQUIRED: 0,
    COMPLETED: 0,
    FAILED: 0,
    CANCELED: 0,
    REJECTED: 0,
  };
  expect(await instance.tasks.counts(caller, {})).toEqual({
    states: { ...none, COMPLETED: 1, WORKING: 2 },
    held: 1,
  });
  expect(await instance.tasks.counts(caller, { contextId: parent.contextId })).toEqual({
    states: { ...none, WORKING: 1 },
    held: 0,
  });
  expect(await instance.tasks.counts(caller, { q: 'nothing like that' })).toEqual({ states: none, held: 0 });
});

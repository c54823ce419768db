/** A value that only PostgreSQL refuses harms nobody else, whatever is asked for in the same moment. */
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { createTestDatabase } from '../support/database.js';
import {
  appendOf,
  chunk,
  openTask,
  startLogInstance,
  status,
  type LogInstance,
  type OwnTask,
} from '../support/log-instance.js';

let instance: LogInstance;
let url: string;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  instance = await startLogInstance(url);
});

/** Asks in one moment for `bad` between two `good` ones; says what came of each. */
async function between(good: () => Promise<unknown>, bad: () => Promise<unknown>): Promise<readonly string[]> {
  const outcomes = await Promise.allSettled([good(), bad(), good(), bad(), good()]);
  return outcomes.map((outcome) => outcome.status);
}

const harmedNobody = ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'];

describe('a bad item fails alone', () => {
  it('among reads', async () => {
    const { caller, id } = await openTask(instance);
    const read = (historyLength: number) => () => instance.tasks.get(caller, id, { historyLength, artifacts: false });
    expect(await between(read(1), read(1e40))).toEqual(harmedNobody);
  });

  it('among new tasks', async () => {
    const { opened } = await openTask(instance);
    const open = (priority: number) => () => {
      const [id, messageId] = [newId(), newId()];
      return instance.log.open({
        ...opened,
        id,
        priority,
        message: { ...opened.message, messageId },
        sessionMessage: null,
      });
    };
    expect(await between(open(1), open(1e40))).toEqual(harmedNobody);
  });

  it('among claims', async () => {
    const claim = (taskId: string) => () =>
      instance.log.claim({ taskId, token: newId(), instanceId: instance.id, at: new Date().toISOString() });
    const [good, bad] = [() => claim(newId())(), () => claim(`no id ${newId()}`)()];
    expect(await between(good, bad)).toEqual(harmedNobody);
  });

  it('among appends, where it waits for a lock that somebody holds', async () => {
    const [locked, ...free] = await Promise.all([openTask(instance), openTask(instance), openTask(instance)]);
    const holder = new pg.Client(url);
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM tasks WHERE id = $1 FOR UPDATE', [locked?.id]);
    const append = async (task: OwnTask | undefined): Promise<void> => {
      if (task !== undefined) await instance.log.append(appendOf(task, 1, [chunk('a', 'text')]));
    };
    const stuck = Promise.allSettled([append(locked)]);
    expect(await Promise.allSettled(free.map(append))).toMatchObject(free.map(() => ({ status: 'fulfilled' })));
    await holder.end();
    const [ended] = await stuck;
    // It may have got the lock in the end.
    if (ended?.status === 'rejected') await append(locked);
  });

  it('among appends', async () => {
    const append = (text: string) => async () => {
      const task = await openTask(instance);
      await instance.log.append(appendOf(task, 1, [status('WORKING', { progress: { fraction: 0.5, stage: text } })]));
    };
    expect(await between(append('half'), append('NUL \0'))).toEqual(harmedNobody);
  });
});

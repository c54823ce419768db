/** A value that only PostgreSQL refuses harms nobody else, whatever is asked for in the same moment. */
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { createTestDatabase } from '../support/database.js';
import { appendOf, openTask, startLogInstance, status, type LogInstance } from '../support/log-instance.js';

let instance: LogInstance;

beforeAll(async () => {
  instance = await startLogInstance((await createTestDatabase()).url);
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

  it('among appends', async () => {
    const append = (text: string) => async () => {
      const task = await openTask(instance);
      await instance.log.append(appendOf(task, 1, [status('WORKING', { progress: { fraction: 0.5, stage: text } })]));
    };
    expect(await between(append('half'), append('NUL \0'))).toEqual(harmedNobody);
  });
});

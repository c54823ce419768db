/** Whoever waits for a task's next commit is woken by it, wherever it was made, and by nothing of other tasks. */
import { beforeAll, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { createTestDatabase } from '../support/database.js';
import { openTask, sayIn, startLogInstance, type LogInstance, type OwnTask } from '../support/log-instance.js';
import { until } from '../support/until.js';

const WAITING = 100;
let here: LogInstance;
let elsewhere: LogInstance;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  [here, elsewhere] = [await startLogInstance(url), await startLogInstance(url)];
});

async function deliver({ tasks }: LogInstance, task: OwnTask): Promise<void> {
  const at = await tasks.get(task.caller, task.id, { historyLength: 0, artifacts: false });
  await tasks.deliver(at, { ...sayIn(task, 'hello'), messageId: newId(), role: 'ROLE_USER' });
}

it('a hundred tasks wait for messages: each message wakes its own task alone', async () => {
  await until(() => here.subscriptions.hears, { what: 'the instance to listen' });
  const gone = new AbortController();
  const tasks = await Promise.all(Array.from({ length: WAITING }, () => openTask(here)));
  const woken = tasks.map(() => 0);
  const waiting = tasks.map(async ({ id }, n) => {
    const news = here.tasks.waitFor(id);
    try {
      for (;;) {
        await news.next(gone.signal);
        woken[n] = (woken[n] ?? 0) + 1;
      }
    } finally {
      news.leave();
    }
  });
  // Once each: the first poll tells where the log stands, in case it has grown since.
  await until(() => woken.every((times) => times === 1), { what: 'all to have looked' });
  for (const [times, from] of [here, elsewhere].entries()) {
    for (const task of tasks.slice(0, 10)) await deliver(from, task);
    await until(() => woken.slice(0, 10).every((n) => n >= times + 2), { what: 'those who were spoken to' });
    expect(woken.slice(10).filter((n) => n !== 1)).toEqual([]);
  }
  gone.abort();
  expect((await Promise.allSettled(waiting)).every(({ status }) => status === 'rejected')).toBe(true);
  expect(here.subscriptions.waits.taskIds).toEqual([]);
});

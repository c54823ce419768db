/** What runs are told of their tasks: that others have ended or taken them, and nothing of a question that they have just asked. */
import { expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { RunWatch } from '../../src/agents/run-watch.js';
import { createLog } from '../../src/platform/log.js';
import { createTestDatabase } from '../support/database.js';
import { appendOf, openTask, startLogInstance, status } from '../support/log-instance.js';
import { afterThisTest } from '../support/outcome.js';
import { until } from '../support/until.js';

it('a run whose task has ended, or is in other hands, hears of it; one whose task waits for a person does not', async () => {
  const instance = await startLogInstance((await createTestDatabase()).url);
  const told = new Map<string, string>();
  const tellOf = (id: string) => (reason: Error) => {
    told.set(id, reason instanceof ContinuoError ? reason.code : reason.message);
  };
  const watch = new RunWatch(instance.tasks, instance.subscriptions, systemClock, createLog('silent'));
  const [ended, taken, asks, logsIn, own] = await Promise.all(Array.from({ length: 5 }, () => openTask(instance)));
  if (!ended || !taken || !asks || !logsIn || !own) throw new Error('there is no task');
  await instance.log.append(appendOf(ended, 1, [status('FAILED')]));
  await instance.log.append(appendOf(asks, 1, [status('INPUT_REQUIRED')]));
  await instance.log.append(appendOf(logsIn, 1, [status('AUTH_REQUIRED')]));
  for (const { id, token } of [ended, asks, logsIn, own]) watch.began(id, token, tellOf(id));
  watch.began(taken.id, newId(), tellOf(taken.id));
  watch.start();
  afterThisTest(() => watch.stop());
  // One look tells of all of them.
  await until(() => Promise.resolve(told.size >= 2), { what: 'two runs to hear' });
  expect(told).toEqual(
    new Map([
      [ended.id, 'TASK_ENDED'],
      [taken.id, 'RUN_LOST'],
    ]),
  );
});

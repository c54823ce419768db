/** What was refused while PostgreSQL hung is not carried out when it goes on, although it was sent before. */
import { beforeAll, expect, it } from 'vitest';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { migrate } from '../../src/platform/migrate.js';
import { appendOf, openTask, startLogInstance, status, type LogInstance } from '../support/log-instance.js';
import { runOn } from '../support/postgres.js';
import { startStoppablePostgres, type StoppablePostgres } from '../support/stoppable-postgres.js';
import { until } from '../support/until.js';

let postgres: StoppablePostgres;
let instance: LogInstance;

beforeAll(async () => {
  postgres = await startStoppablePostgres();
  await migrate(postgres.url);
  instance = await startLogInstance(postgres.url);
});

const pids = async (): Promise<readonly number[]> => {
  const rows = await runOn<{ pid: number }>(
    postgres.url,
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'continuo'`,
  );
  return rows.map(({ pid }) => pid);
};

it('neither opened nor appended', { timeout: 60_000 }, async () => {
  const task = await openTask(instance);
  // Connections on which the statements can be sent, as PostgreSQL takes no new ones: as many as are busy at once.
  const busy = (): Promise<unknown> => instance.database.prepared('busy', 'SELECT pg_sleep(0.3)', []);
  await Promise.all([busy(), busy(), busy()]);
  await instance.log.append(appendOf(task, 1, [status('WORKING')]));
  const before = await pids();
  expect(before.length).toBeGreaterThan(0);
  const contextId = newId();

  await postgres.pause();
  const refused = await Promise.allSettled([
    openTask(instance, { contextId }),
    instance.log.append(appendOf(task, 2, [status('COMPLETED')])),
  ]);
  const silent = { status: 'rejected', reason: { code: 'ETIMEDOUT' } };
  expect(refused).toMatchObject([silent, silent]);
  await postgres.resume();

  // Whose client is gone comes to what was sent, and ends.
  const over = async (): Promise<boolean> => (await pids()).every((pid) => !before.includes(pid));
  await until(over, { what: 'the sessions from before to end', timeoutMs: 30_000 });
  const [found] = await runOn<{ opened: number; state: string }>(
    postgres.url,
    `SELECT (SELECT count(*)::int FROM tasks WHERE context_id = '${contextId}') AS opened,
            (SELECT state FROM tasks WHERE id = '${task.id}') AS state`,
  );
  expect(found).toEqual({ opened: 0, state: 'WORKING' });
  // The same can be sent again.
  await instance.log.append(appendOf(task, 2, [status('COMPLETED')]));
  await openTask(instance, { contextId });
});

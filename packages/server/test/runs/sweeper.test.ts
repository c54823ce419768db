/** Sweeps: what is due is done whatever else fails, and what goes on because of it is found again when it could not begin. */
import { beforeAll, expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { Membership } from '../../src/runs/membership.js';
import { Sweeper, type Due, type WantedRun, type WantedRuns } from '../../src/runs/sweeper.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';
import { until } from '../support/until.js';

const log = createLog('silent');
let database: Database;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 4, log });
  afterThisTest(() => database.close());
});

const nothing: WantedRuns = {
  take: () => Promise.resolve([]),
  takeNext: () => Promise.resolve({ tasks: [], next: undefined }),
  leave: () => Promise.resolve(),
  takenForMs: 5_000,
};

/** Sweeps until the test ends. */
async function sweep(due: () => readonly Due[], wanted = nothing, begin: (run: WantedRun) => void = () => undefined) {
  const membership = new Membership(database, 100, 60_000, systemClock, log, () => undefined);
  await membership.join();
  const looked = { leaseMs: 60_000, dueWhen: 'true', asks: [] };
  const options = { ...looked, sweepMs: 20, wanted, due, beginQueued: () => undefined, metrics: new Metrics() };
  const sweeper = new Sweeper(database, options, membership, async (run) => begin(run), systemClock, log);
  sweeper.start();
  afterThisTest(async () => {
    await sweeper.stop();
    await membership.leave();
  });
}

it('what is due is done, also when something before it fails each time', async () => {
  let done = 0;
  await sweep(() => [
    () => Promise.reject(new Error('a table that is locked')),
    async () => {
      done += 1;
    },
  ]);
  await until(() => done > 2, { what: 'the second to be done again and again' });
  expect(done).toBeGreaterThan(2);
});

it('tasks that go on and could not be taken are looked for among all', async () => {
  const run: WantedRun = { id: 'woken', agent: 'test/agent', since: '', isSuspect: false };
  let [sweeps, isHidden, isTold] = [0, true, false];
  const begun: string[] = [];
  const wanted: WantedRuns = {
    ...nothing,
    take: () => Promise.reject(new Error('the connection is lost')),
    // Among the newest it is not; it is far behind in the pages.
    takeNext: (_taker, from, size) => {
      const isThere = from === 'beginning' && size > 100 && !isHidden;
      return Promise.resolve({ tasks: isThere ? [run] : [], next: undefined });
    },
  };
  await sweep(
    () => [
      () => {
        sweeps += 1;
        const woken = isHidden || isTold ? [] : ['woken'];
        isTold ||= woken.length > 0;
        return Promise.resolve(woken);
      },
    ],
    wanted,
    ({ id }) => begun.push(id),
  );
  // The first sweep looks at all there is, at its start.
  await until(() => sweeps > 2, { what: 'sweeps that look at a page' });
  isHidden = false;
  await until(() => begun.length > 0, { what: 'the task to be found' });
  expect([begun[0], isTold]).toEqual(['woken', true]);
});

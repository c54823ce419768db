/** Feeds are woken by what happens in their own session or to their own owner: those of others cost nothing. */
import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import type { Caller } from '../../src/platform/caller.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { sessionKey } from '../../src/sessions/append-messages.js';
import { Feed } from '../../src/tasks/feed.js';
import { BEGINNING, type FeedEvent, type FeedScope } from '../../src/tasks/read-feed.js';
import { createTestDatabase } from '../support/database.js';
import { appendOf, chunk, newCaller, openTask, startLogInstance, type LogInstance } from '../support/log-instance.js';
import { afterThisTest } from '../support/outcome.js';
import { until } from '../support/until.js';

const IDLE = 100;
const quiet = createLog('silent');

class CountingDatabase extends Database {
  reads = 0;

  override query<Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []) {
    this.reads += 1;
    return super.query<Row>(text, values);
  }
}

let instance: LogInstance;
let counting: CountingDatabase;
const gone = new AbortController();

beforeAll(async () => {
  const { url } = await createTestDatabase();
  counting = new CountingDatabase(url, { poolSize: 4, log: quiet });
  afterThisTest(async () => {
    gone.abort();
    await counting.close();
  });
  instance = await startLogInstance(url);
});

/** What the feed of this scope has brought so far. */
function followed(database: Database, scope: FeedScope, { subscriptions } = instance): FeedEvent[] {
  const events: FeedEvent[] = [];
  const feed = new Feed(database, subscriptions, systemClock, quiet);
  void (async () => {
    for await (const event of feed.follow(scope, BEGINNING, gone.signal)) events.push(event);
  })();
  return events;
}

const session = (caller: Caller, contextId: string): FeedScope => ({
  caller,
  sessionId: sessionKey(caller, contextId),
});

it('a hundred silent feeds read nothing while another session speaks, and one of them hears when its own does', async () => {
  await until(() => instance.subscriptions.hears, { what: 'the instance to listen' });
  const caller = newCaller();
  const idle = Array.from({ length: IDLE }, (_, n) => followed(counting, session(caller, `idle-${n}`)));
  // Once at the beginning, and once when the first poll has looked at all of them.
  await until(() => counting.reads === 2 * IDLE, { what: 'the feeds to wait' });

  const task = await openTask(instance, { caller, contextId: 'speaks' });
  const heard = followed(instance.database, session(caller, 'speaks'));
  for (let n = 1; n <= 20; n += 1) await instance.log.append(appendOf(task, n, [chunk('a', `${n}`)]));
  await until(() => heard.length === 22, { what: 'the session to be heard' });
  expect([idle.flat().length, counting.reads]).toEqual([0, 2 * IDLE]);

  await openTask(instance, { caller, contextId: 'idle-7' });
  await until(() => idle[7]?.length === 2, { what: 'the other session to be heard' });
  expect(idle.flat()).toHaveLength(2);
  expect(counting.reads).toBeLessThan(3 * IDLE);
});

it('a feed that waits for an older transaction sees what came meanwhile with the first poll behind its end', async () => {
  // The test says when a second is over, which polls wait for.
  let next: (() => void) | undefined;
  const second = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      next = resolve;
      signal?.addEventListener('abort', reject, { once: true });
    });
  const clock: Clock = {
    now: () => new Date(),
    sleep: (ms, signal) => (ms === 1_000 ? second(signal) : systemClock.sleep(ms, signal)),
  };
  const poll = async (): Promise<void> => {
    const reached = await until(() => next, { what: 'the poll to wait for its time' });
    next = undefined;
    reached();
    await until(() => next !== undefined, { what: 'the poll to be over' });
  };
  const { url } = await createTestDatabase();
  const polled = await startLogInstance(url, clock);
  const reading = new CountingDatabase(url, { poolSize: 4, log: quiet });
  afterThisTest(() => reading.close());
  await until(() => polled.subscriptions.hears, { what: 'the instance to listen' });
  const caller = newCaller();
  const heard = followed(reading, session(caller, 'speaks'), polled);
  const task = await openTask(polled, { caller, contextId: 'speaks' });
  await until(() => heard.length === 2, { what: 'the feed to be up to date' });
  // The one that looks after those who have just begun, and one more, to be sure.
  await poll();
  await poll();
  const before = reading.reads;

  const older = new pg.Client({ connectionString: url });
  await older.connect();
  await older.query('BEGIN');
  await older.query('SELECT pg_current_xact_id()');
  await polled.log.append(appendOf(task, 1, [chunk('a', 'late')]));
  await until(() => polled.subscriptions.feeds.anyWaitsForPoll, { what: 'the feed to have looked in vain' });
  expect(reading.reads).toBeGreaterThan(before);
  expect(heard).toHaveLength(2);
  // It may take longer than any number of polls.
  await poll();
  await poll();
  expect(heard).toHaveLength(2);
  await older.end();

  await poll();
  await until(() => heard.length === 3, { what: 'the feed to see it' });
});

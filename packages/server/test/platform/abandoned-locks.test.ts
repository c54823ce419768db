/** A lock whose holder is gone without a word is free again; one whose holder is there and busy is kept. */
import { expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';
import { startSilentProxy } from '../support/silent-proxy.js';
import { until } from '../support/until.js';

const LOCK = 4711;

function open(url: string): Database {
  const database = new Database(url, { poolSize: 2, log: createLog('silent') });
  afterThisTest(() => database.close());
  return database;
}

it('is kept while its holder works, and free when that falls silent', { timeout: 120_000 }, async () => {
  const { url } = await createTestDatabase();
  const proxy = await startSilentProxy(url);
  const [holder, other] = [open(proxy.url), open(url)];
  let finish: () => void = () => undefined;
  const work = new Promise<void>((resolve) => (finish = resolve));
  const began: string[] = [];
  const held = holder.locked(LOCK, systemClock, async () => {
    began.push('holder');
    await work;
  });
  await until(() => began.length === 1, { what: 'the lock to be held' });
  const waiting = other.locked(LOCK, systemClock, async () => void began.push('other'));
  const [{ later } = { later: '' }] = await other.query<{ later: string }>(
    `SELECT (clock_timestamp() + interval '18 s')::text AS later`,
  );
  const passed = async (): Promise<boolean> => {
    const [row] = await other.query<{ passed: boolean }>('SELECT clock_timestamp() > $1::timestamptz AS passed', [
      later,
    ]);
    return row?.passed === true;
  };
  await until(passed, { what: 'longer than a session may say nothing to pass', timeoutMs: 60_000 });
  expect(began).toEqual(['holder']);

  proxy.fallSilent();
  await until(() => began.length === 2, { what: 'the lock to be free', timeoutMs: 60_000 });
  await waiting;
  finish();
  await held;
});

/** Who counts as alive: by heartbeat on PostgreSQL's clock, once lost never again under the same id. */
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import { aliveInstances, beat, declareLost, forgetLost, leave, registerInstance } from '../../src/runs/instances.js';
import { Membership } from '../../src/runs/membership.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';
import { until } from '../support/until.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const log = createLog('silent');
let database: Database;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  database = new Database(url, { poolSize: 2, log });
  afterThisTest(() => database.close());
});

async function register(): Promise<string> {
  const id = newId();
  await registerInstance(database, id, 'test', process.pid);
  return id;
}

const isAlive = async (id: string): Promise<boolean> => (await aliveInstances(database)).has(id);

/** As if the last heartbeat had been a month ago, and PostgreSQL had been there all the time. */
async function silence(id: string): Promise<void> {
  await database.query(`UPDATE instances SET heartbeat_at = now() - interval '30 days' WHERE id = $1`, [id]);
}

describe('an instance', () => {
  it('is alive until its lease is over', async () => {
    const [heard, silent] = [await register(), await register()];
    await silence(silent);
    // PostgreSQL itself has not run for a day yet: silence before it started says nothing.
    expect(await declareLost(database, DAY_MS)).toEqual([]);
    expect(await declareLost(database, 0)).toEqual(expect.arrayContaining([heard, silent]));
    expect([await isAlive(heard), await isAlive(silent)]).toEqual([false, false]);
  });

  it('that was declared lost, or has left, is not heard any more', async () => {
    const [lost, gone] = [await register(), await register()];
    expect(await beat(database, lost)).toBe(true);
    await declareLost(database, 0);
    expect(await beat(database, lost)).toBe(false);
    await leave(database, gone);
    expect(await beat(database, gone)).toBe(false);
    expect(await declareLost(database, 0)).toEqual([]);
  });

  it('that was lost long ago is forgotten', async () => {
    const [recently, longAgo] = [await register(), await register()];
    await leave(database, recently);
    await database.query(`UPDATE instances SET lost_at = now() - interval '2 days' WHERE id = $1`, [longAgo]);
    await forgetLost(database);
    const known = await database.query<{ id: string }>('SELECT id FROM instances WHERE id = ANY($1)', [
      [recently, longAgo],
    ]);
    expect(known).toEqual([{ id: recently }]);
  });
});

describe('membership', () => {
  it('is kept by heartbeats, and given up on leaving', async () => {
    const membership = new Membership(database, 10, HOUR_MS, systemClock, log, () => undefined);
    await membership.join();
    await silence(membership.id);
    const heard = async () => {
      const [row] = await database.query<{ heard: boolean }>(
        `SELECT heartbeat_at > now() - interval '1 hour' AS heard FROM instances WHERE id = $1`,
        [membership.id],
      );
      return row?.heard;
    };
    await until(heard, { what: 'a heartbeat' });
    await membership.leave();
    expect(await isAlive(membership.id)).toBe(false);
  });

  it('begins again under another id after it was lost, and says so first', async () => {
    const seen: string[] = [];
    const membership: Membership = new Membership(database, 10, HOUR_MS, systemClock, log, () => {
      seen.push(membership.id);
    });
    await membership.join();
    const first = membership.id;
    await leave(database, first);
    const second = await until(async () => membership.id !== first && (await isAlive(membership.id)) && membership.id, {
      what: 'the instance to join again',
    });
    expect(second).not.toBe(first);
    expect(await isAlive(first)).toBe(false);
    expect(seen).toEqual([second]);
    await membership.leave();
  });
});

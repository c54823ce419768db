/** Updates of session state on the store itself: atomic among instances, known by their marks, held to the limit of the state. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Client } from 'pg';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { newId } from '@continuo/agent/internal/platform/ids.js';
import type { Caller } from '../../src/platform/caller.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { sessionKey } from '../../src/sessions/append-messages.js';
import type { SessionsService } from '../../src/sessions/sessions.service.js';
import { createTestDatabase } from '../support/database.js';
import { runOn } from '../support/postgres.js';
import { sessionsServiceOn } from '../support/sessions-service.js';
import { until } from '../support/until.js';

const caller: Caller = { tenant: 'acme', owner: 'ada' };
const LARGE = 600_000;

let url: string;
let databases: readonly Database[];
let here: SessionsService;
let there: SessionsService;
let contextId: string;
let key: string;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
  databases = [1, 2].map(() => new Database(url, { poolSize: 4, log: createLog('silent') }));
  [here, there] = databases.map((database) => sessionsServiceOn(database, systemClock)) as [
    SessionsService,
    SessionsService,
  ];
});

beforeEach(async () => {
  ({ id: contextId } = await here.create(caller));
  key = sessionKey(caller, contextId);
});

afterAll(() => Promise.all(databases.map((database) => database.close())));

const more = (count: unknown): number => Number(count ?? 0) + 1;

it('of many at once, on two instances, each is handed what another has left', async () => {
  const services = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? here : there));
  const given = await Promise.all(services.map((sessions) => sessions.updateState(key, 'n', newId(), more)));
  expect(given.map(Number).toSorted((a, b) => a - b)).toEqual(services.map((_, index) => index + 1));
  expect(await here.getState(key, 'n')).toBe(40);
});

it('is made anew of what others have set in between', async () => {
  await here.setState(key, 'n', 1);
  const given: unknown[] = [];
  const other = new Client({ connectionString: url });
  await other.connect();
  try {
    await other.query('BEGIN');
    await other.query(`UPDATE sessions SET state = '{"n": 10}' WHERE id = $1`, [key]);
    const updated = here.updateState(key, 'n', newId(), (count) => {
      given.push(count);
      return more(count);
    });
    await until(() => given.length > 0, { what: 'the value from before to be read' });
    await other.query('COMMIT');
    expect(await updated).toBe(11);
  } finally {
    await other.end();
  }
  expect(given).toEqual([1, 10]);
  expect(await here.getState(key, 'n')).toBe(11);
});

it('is done once under one mark, and gives what it gave then', async () => {
  const mark = newId();
  expect(await here.updateState(key, 'n', mark, more)).toBe(1);
  expect(await there.updateState(key, 'n', newId(), more)).toBe(2);
  expect(await there.updateState(key, 'n', mark, more)).toBe(1);
  expect(await here.getState(key, 'n')).toBe(2);
  const removed = newId();
  const remove = (): unknown => undefined;
  expect(await here.updateState(key, 'n', removed, remove)).toBeUndefined();
  await here.setState(key, 'n', 7);
  expect(await here.updateState(key, 'n', removed, remove)).toBeUndefined();
  expect(await here.getState(key, 'n')).toBe(7);
});

it('is seen by nobody, and gone when it is forgotten', async () => {
  const mark = newId();
  await here.updateState(key, 'n', mark, more);
  expect(await here.state(caller, contextId)).toEqual({ n: 1 });
  await here.forgetUpdates(key, [mark]);
  expect(await runOn(url, `SELECT state FROM sessions WHERE id = '${key}'`)).toEqual([{ state: { n: 1 } }]);
});

it('drops marks that nobody has asked for in a month', async () => {
  await here.updateState(key, 'n', newId(), more);
  const aged = `UPDATE sessions SET state = replace(state::text, to_char(now(), 'YYYY-'), '2001-')::jsonb WHERE id = '${key}'`;
  await runOn(url, aged);
  await here.updateState(key, 'n', newId(), more);
  const names = `SELECT count(*)::int AS n FROM sessions, jsonb_object_keys(state) WHERE id = '${key}'`;
  expect(await runOn(url, names)).toEqual([{ n: 2 }]);
});

it('changes a value next to numbers that JavaScript does not have', async () => {
  await runOn(url, `UPDATE sessions SET state = '{"n": {"exact": 12345678901234567890.5}}' WHERE id = '${key}'`);
  expect(await here.updateState(key, 'n', newId(), () => 'mended')).toBe('mended');
});

it('counts the values alone, and refuses what is too large by its name', async () => {
  const large = 'x'.repeat(LARGE);
  expect(await here.updateState(key, 'text', newId(), () => large)).toBe(large);
  expect(await here.updateState(key, 'text', newId(), () => large)).toBe(large);
  await here.setState(key, 'n', 1);
  await expect(here.updateState(key, 'other', newId(), () => large)).rejects.toThrow('with this value of other');
  await expect(here.updateState(key, 'text', newId(), () => large + large)).rejects.toThrow('with this value of text');
  expect(await here.getState(key, 'other')).toBeUndefined();
  expect(await here.getState(key, 'text')).toBe(large);
});

it('of a session that is gone keeps nothing', async () => {
  const gone = sessionKey(caller, newId());
  expect(await here.updateState(gone, 'n', newId(), more)).toBe(1);
  expect(await here.getState(gone, 'n')).toBeUndefined();
});

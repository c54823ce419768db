/** The keys that a fleet signs with, over the months: all instances have the same, and what was signed is verified while it should be. */
import { beforeEach, expect, it } from 'vitest';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { systemClock, type Clock } from '@continuo/agent/internal/platform/clock.js';
import { SigningKeys } from '../../src/auth/signing-keys.js';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { createTestDatabase } from '../support/database.js';
import { afterThisTest } from '../support/outcome.js';
import { until } from '../support/until.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const log = createLog('silent');

let url: string;
/** How far the clock of all instances is ahead. */
let ahead = 0;
const clock: Clock = {
  now: () => new Date(systemClock.now().getTime() + ahead),
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 10), signal),
};

async function startKeys(signingRotationDays = 90): Promise<SigningKeys> {
  const database = new Database(url, { poolSize: 2, log });
  const keys = new SigningKeys(database, { signingKeys: [], signingRotationDays, publicUrl: undefined }, clock, log);
  await keys.start();
  afterThisTest(async () => {
    await keys.stop();
    await database.close();
  });
  return keys;
}

const published = (keys: SigningKeys) => keys.jwks().keys.map(({ kid }) => kid);
const verified = (token: string, by: SigningKeys) =>
  jwtVerify(token, createLocalJWKSet({ keys: [...by.jwks().keys] }), { currentDate: new Date(0) });

beforeEach(async () => {
  ({ url } = await createTestDatabase());
  ahead = 0;
});

it('instances that start at the same moment sign with one key, and restarts with the same', async () => {
  const fleet = await Promise.all([startKeys(), startKeys(), startKeys()]);
  expect(new Set(fleet.map((keys) => keys.signer().kid)).size).toBe(1);
  const later = await startKeys();
  expect(published(later)).toEqual([fleet[0].signer().kid]);
  for (const key of later.jwks().keys) expect(key).not.toHaveProperty('d');
});

it('an old key is replaced: published before it signs, on all instances, and still verified for a month', async () => {
  const [one, other] = await Promise.all([startKeys(), startKeys()]);
  const old = one.signer().kid;
  const token = await one.token({ words: 'signed long ago' }, new Date(0), 60);
  ahead = 89 * DAY_MS;
  const third = await startKeys();
  expect(published(third)).toEqual([old]);

  ahead = 91 * DAY_MS;
  for (const keys of [one, other]) await until(() => published(keys).length === 2, { what: 'the next key' });
  expect(published(one)).toEqual(published(other));
  expect([one.signer().kid, other.signer().kid]).toEqual([old, old]);

  ahead += 2 * HOUR_MS;
  const next = published(one).at(-1);
  expect([one.signer().kid, other.signer().kid]).toEqual([next, next]);
  await verified(token, other);

  ahead += 31 * DAY_MS;
  for (const keys of [one, other]) await until(() => published(keys).length === 1, { what: 'the old key to go' });
  expect(one.signer().kid).toBe(next);
  await expect(verified(token, other)).rejects.toThrow('no applicable key');
});

it('a key is kept where nobody wants it replaced', async () => {
  const keys = await startKeys(0);
  const { kid } = keys.signer();
  ahead = 1_000 * DAY_MS;
  const later = await startKeys(0);
  expect([keys.signer().kid, published(later)]).toEqual([kid, [kid]]);
});

/** The start refuses connections that are no sessions, as poolers hand them out, and says what to do about it. */
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { beforeAll, expect, it } from 'vitest';
import { Database } from '../../src/platform/database.js';
import { createLog } from '../../src/platform/log.js';
import { checkSessions, type Session } from '../../src/platform/session-connections.js';
import { WatchedClient } from '../../src/platform/watched-client.js';
import { migrate } from '../../src/platform/migrate.js';
import { createTestDatabase } from '../support/database.js';
import { startForgetfulPooler } from '../support/forgetful-pooler.js';
import { afterThisTest } from '../support/outcome.js';

const SETTINGS = '-c idle_in_transaction_session_timeout=2000';
let url: string;

beforeAll(async () => {
  ({ url } = await createTestDatabase());
});

async function session(options?: string): Promise<WatchedClient> {
  const client = new WatchedClient({ connectionString: url, ...(options === undefined ? {} : { options }) });
  await client.connect();
  afterThisTest(() => client.end());
  return client;
}

it('takes those that PostgreSQL itself gives', async () => {
  const database = new Database(url, { poolSize: 2, log: createLog('silent') });
  afterThisTest(() => database.close());
  await expect(database.checkSessions()).resolves.toBeUndefined();
});

it('refuses those of a pooler that hands one session to everybody in turn', async () => {
  const [first, second] = [await session(SETTINGS), await session(SETTINGS)];
  // As transactions mode does: whoever asks gets the first session, unless somebody is in a transaction there.
  let taken = false;
  const one: Session = { rows: (text) => (taken ? second : first).rows(text) };
  const other: Session = {
    rows: (text) => {
      taken = text !== 'ROLLBACK';
      return first.rows(text);
    },
  };
  await expect(checkSessions(one, other)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: /^Continuo needs session connections: .*transaction mode.*pool_mode = session.*docs\/instances.md/,
  });
});

it('sets what a pooler has dropped, on every connection of both kinds', async () => {
  const database = new Database(await startForgetfulPooler(url), { poolSize: 2, log: createLog('silent') });
  afterThisTest(() => database.close());
  await database.checkSessions();
  const shown = `SELECT current_setting('idle_in_transaction_session_timeout') || current_setting('plan_cache_mode') AS s`;
  const [byValue, byKey] = [
    await Promise.all([1, 2].map(() => database.query<{ s: string }>(shown))),
    await Promise.all([1, 2].map(() => database.prepared<{ s: string }>('shown', shown, []))),
  ];
  expect(byValue.flat().map(({ s }) => s)).toEqual(['2sauto', '2sauto']);
  expect(byKey.flat().map(({ s }) => s)).toEqual(['2sforce_generic_plan', '2sforce_generic_plan']);
});

it('the migrations refuse them before they lock anything', async () => {
  const refused = await refusing('unsupported startup parameter: options');
  await expect(migrate(refused)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: /ignore_startup_parameters = options in pgbouncer/,
  });
});

it('says so when a pooler refuses the settings', async () => {
  const refused = await refusing('unsupported startup parameter: options');
  const database = new Database(refused, { poolSize: 1, log: createLog('silent') });
  afterThisTest(() => database.close());
  await expect(database.checkSessions()).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: /^Continuo needs session connections: .*"unsupported startup parameter: options"/,
  });
});

/** The address of a server that refuses every connection as poolers do, with `message`. */
async function refusing(message: string): Promise<string> {
  const fields = Buffer.from(`SFATAL\0C08P01\0M${message}\0\0`);
  const refuse = (socket: Socket): void => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(fields.length + 4);
      socket.end(Buffer.concat([Buffer.from('E'), length, fields]));
    });
  };
  const server = createServer(refuse).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterThisTest(async () => {
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  return `postgres://somebody:secret@127.0.0.1:${address.port}/continuo`;
}
